// Requests to our own service, as a script: errors come back as data, never as a page.

/** The token against forged requests, for the header. */
export function token() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** A piece of a page as a document; throws where the service does not give one. */
export async function piece(address, signal) {
  const answer = await fetch(address, {
    headers: { "X-Requested-With": "fetch" },
    credentials: "same-origin",
    signal,
  });
  if (answer.status === 401) {
    location.reload(); // the session has ended: the page itself goes to sign in
  }
  if (!answer.ok) {
    throw new Error(String(answer.status));
  }
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}
