// Starts what a page, or a piece of one that came later, asks for.
import { copyText } from "./copy.js";
import { closeWhenLeft, toasts } from "./dialogs.js";
import { bulk } from "./dossier.js";
import { keepLive } from "./live.js";
import { passkey } from "./passkeys.js";
import { pickWhileTyping } from "./picker.js";
import { dropAnywhere } from "./upload.js";
import { printPage, view } from "./viewer.js";

const starters = [
  ["[data-live]:not([data-live=''])", keepLive],
  ["[data-dock]", dropAnywhere],
  ["[data-picker]", pickWhileTyping],
  ["[data-viewer]", view],
  ["[data-bulk]", bulk],
  ["[data-passkey]", passkey],
  ["[data-print]", printPage],
  ["[data-copy]", copyText],
  ["[data-toast]", toasts],
  ["details.me", closeWhenLeft],
];

/** Starts everything within `root`; once for each piece. */
export function begin(root) {
  for (const [selector, start] of starters) {
    for (const element of root.querySelectorAll(selector)) {
      start(element);
    }
  }
}

/** What is wrong in a form is read first; else, on a wide screen, work begins at the choice. */
export function focusFirst() {
  const wrong = document.querySelector("[data-focus]");
  if (wrong) {
    wrong.focus();
  } else if (matchMedia("(min-width: 64rem)").matches) {
    document.querySelector("[data-begin]")?.focus({ preventScroll: true });
  }
}
