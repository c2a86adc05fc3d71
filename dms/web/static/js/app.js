// Starts what a page asks for. Every page also works without any of this.
import { desk } from "./desk.js";
import { openDialogs } from "./dialogs.js";
import { listenToKeys } from "./keys.js";
import { begin, focusFirst } from "./start.js";

begin(document);
desk();
openDialogs();
listenToKeys();
focusFirst();

// On a narrow screen tabs scroll sideways: the one where one is must be in sight.
const tab = document.querySelector(".tabs [aria-current]");
if (tab) {
  const list = tab.closest("ul");
  list.scrollLeft += tab.getBoundingClientRect().right - list.getBoundingClientRect().right;
}
