// Passkeys: the browser asks the device or stick, and the answer goes along with an ordinary form.

/** `form` says what to do in data-passkey (create or get) and with what in data-options; it has a field `credential`. */
export function passkey(form) {
  if (!window.PublicKeyCredential) return; // the page keeps saying that this browser cannot
  const options = JSON.parse(form.dataset.options);
  const telling = form.querySelector("[data-passkey-telling]");
  form.hidden = false;
  for (const part of document.querySelectorAll("[data-passkey-cannot]")) part.hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    telling.hidden = true;
    try {
      const made =
        form.dataset.passkey === "create"
          ? await navigator.credentials.create({ publicKey: toMake(options) })
          : await navigator.credentials.get({ publicKey: toUse(options) });
      form.elements.credential.value = JSON.stringify(asData(made));
      form.submit();
    } catch {
      telling.hidden = false; // not allowed, no such key here, or too late: the person may try again
      telling.focus();
    }
  });
}

function toMake(options) {
  return {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
  };
}

function toUse(options) {
  return { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
}

function named(keys) {
  return (keys ?? []).map((x) => ({ ...x, id: bytes(x.id) }));
}

function asData(made) {
  const said = made.response;
  const response = { clientDataJSON: text(said.clientDataJSON) };
  if (said.attestationObject) response.attestationObject = text(said.attestationObject);
  if (said.authenticatorData) response.authenticatorData = text(said.authenticatorData);
  if (said.signature) response.signature = text(said.signature);
  if (said.userHandle) response.userHandle = text(said.userHandle);
  return { id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} };
}

function bytes(base64url) {
  const plain = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (x) => x.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
