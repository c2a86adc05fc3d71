// Starts what a page asks for. Every page also works without any of this.
import { closeWhenLeft, openDialogs, toasts } from "./dialogs.js";
import { bulk } from "./dossier.js";
import { listenToKeys } from "./keys.js";
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
  ["[data-toast]", toasts],
  ["details.me", closeWhenLeft],
];

for (const [selector, start] of starters) {
  for (const element of document.querySelectorAll(selector)) {
    start(element);
  }
}
openDialogs();
listenToKeys();

// What is wrong in a form is read first; else, on a wide screen, work begins at the choice.
const wrong = document.querySelector("[data-focus]");
if (wrong) {
  wrong.focus();
} else if (matchMedia("(min-width: 64rem)").matches) {
  document.querySelector("[data-begin]")?.focus({ preventScroll: true });
}

// On a narrow screen tabs scroll sideways: the one where one is must be in sight.
const tab = document.querySelector(".tabs [aria-current]");
if (tab) {
  const list = tab.closest("ul");
  list.scrollLeft += tab.getBoundingClientRect().right - list.getBoundingClientRect().right;
}
