// Dialogs, toasts and panels. A dialog is opened by a link that, without scripts, leads to a page with the same.
import { piece } from "./net.js";

/** Links with data-dialog open that dialog; data-dialog-from says where its content is fetched. */
export function openDialogs() {
  document.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = event.target.closest?.("[data-dialog]");
    const dialog = link && document.getElementById(link.dataset.dialog);
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    link.closest("details[open].me")?.removeAttribute("open");
    if (link.dataset.dialogFrom) {
      try {
        const fresh = await piece(link.dataset.dialogFrom);
        dialog.querySelector("[data-piece]").replaceChildren(...document.importNode(fresh.body, true).childNodes);
      } catch {
        location.assign(link.href);
        return;
      }
    }
    dialog.dispatchEvent(new Event("dialog:open"));
    if (!dialog.open) dialog.showModal();
  });
  // A click beside the dialog closes it, as Escape does.
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
  }
}

/** A toast floats until one closes it or goes on; it never leaves by itself, for it may hold the way back. */
export function toasts(toast) {
  toast.classList.add("afloat");
  const close = toast.querySelector("[data-close]");
  close.hidden = false;
  close.addEventListener("click", () => {
    toast.remove();
    document.getElementById("inhoud")?.focus();
  });
}

/** A panel closes when one clicks or tabs away, or presses Escape. */
export function closeWhenLeft(panel) {
  const close = (event) => {
    if (!panel.contains(event.target)) panel.open = false;
  };
  document.addEventListener("click", close);
  document.addEventListener("focusin", close);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel.open) {
      panel.open = false;
      panel.querySelector("summary").focus();
    }
  });
}
