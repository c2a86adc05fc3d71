// The pages where files are read in: dropping a file sends it, and a page with work under way renews itself.
import { piece } from "./net.js";

const FIRST = 1000;
const LATER = 3000;

for (const form of document.querySelectorAll("form[data-import]")) {
  dropToSend(form);
}
for (const part of document.querySelectorAll("[data-renew][data-busy]")) {
  renew(part, FIRST);
}

/** A file that is dropped on the form is chosen and sent; it does not go to the intake of papers. */
function dropToSend(form) {
  const input = form.querySelector('input[type="file"]');
  const sending = form.querySelector("[data-sending-now]");
  const holds = (event) => [...event.dataTransfer.types].includes("Files");
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => {
      if (!holds(event)) return;
      event.preventDefault();
      event.stopPropagation();
      form.classList.add("over");
    });
  }
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove("over");
  });
  form.addEventListener("drop", (event) => {
    if (!holds(event)) return;
    event.preventDefault();
    event.stopPropagation();
    form.classList.remove("over");
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      send();
    }
  });
  input.addEventListener("change", () => {
    if (input.files.length) send();
  });

  function send() {
    if (sending) sending.hidden = false;
    form.requestSubmit();
  }
}

/** Puts the fresh state of a part of the page in its place, until there is no work left. */
async function renew(part, wait) {
  await new Promise((done) => setTimeout(done, wait));
  let next = part;
  if (!document.hidden) {
    try {
      const fresh = (await piece(part.dataset.renew)).querySelector("[data-renew]");
      if (fresh) {
        next = document.importNode(fresh, true);
        part.replaceWith(next);
      }
    } catch {
      wait = Math.min(wait * 2, 30000);
    }
  }
  if ("busy" in next.dataset) renew(next, Math.max(wait, LATER) === wait ? wait : wait + 500);
}
