// Starts what a page asks for. Every page also works without any of this.
import { keepLive } from "./live.js";
import { pickWhileTyping } from "./picker.js";
import { dropFiles } from "./upload.js";
import { zoom } from "./viewer.js";

const starters = [
  ["[data-live]", keepLive],
  ["[data-drop]", dropFiles],
  ["[data-picker]", pickWhileTyping],
  ["[data-viewer]", zoom],
];

for (const [selector, start] of starters) {
  for (const element of document.querySelectorAll(selector)) {
    start(element);
  }
}

// On a wide screen work begins at the choice; on a narrow one the preview stands first.
if (matchMedia("(min-width: 64rem)").matches) {
  document.querySelector("[data-begin]")?.focus({ preventScroll: true });
}

// The panel of the person closes when one clicks or tabs away, or presses Escape.
const me = document.querySelector("details.me");
if (me) {
  const close = (event) => {
    if (!me.contains(event.target)) me.open = false;
  };
  document.addEventListener("click", close);
  document.addEventListener("focusin", close);
  me.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && me.open) {
      me.open = false;
      me.querySelector("summary").focus();
    }
  });
}
