// Single keys, for who wants them (data-shortcuts on the root is "off" for who does not).
// A page declares a key on the thing itself: aria-keyshortcuts="b", and data-key-text for the list of keys.

const GO_WITHIN = 1500;
const NO_TEXT = new Set(["radio", "checkbox", "button", "submit", "reset", "file", "range", "color"]);

/** Listens to keys and fills the list of keys of this page. */
export function listenToKeys() {
  fillList();
  if (document.documentElement.dataset.shortcuts === "off") return;
  let went = -Infinity; // when g was pressed; a page that has just come counts as long ago
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (types(event.target) || document.querySelector("dialog[open]")) return;
    const key = CSS.escape(event.key);
    const going = performance.now() - went < GO_WITHIN;
    went = -Infinity;
    const target = going
      ? document.querySelector(`[data-go="${key}"]`)
      : document.querySelector(`[aria-keyshortcuts="${key}"]`);
    if (target) {
      event.preventDefault();
      act(target);
    } else if (event.key === "g" && !going) {
      went = performance.now();
    }
  });
}

function types(target) {
  if (target instanceof HTMLInputElement) return !NO_TEXT.has(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

function act(target) {
  if (target.matches("input, select, textarea")) {
    target.focus();
    target.select?.();
  } else {
    target.click();
  }
}

/** Fills the list of keys anew, after a part of the page was replaced. */
export function listKeys() {
  fillList();
}

function fillList() {
  const place = document.querySelector("[data-page-keys]");
  if (!place) return;
  const lines = [...document.querySelectorAll("main [aria-keyshortcuts]")].map((x) => {
    const line = document.createElement("div");
    const [key, text] = [document.createElement("dt"), document.createElement("dd")];
    key.append(Object.assign(document.createElement("kbd"), { textContent: x.getAttribute("aria-keyshortcuts") }));
    text.textContent = x.dataset.keyText ?? x.getAttribute("aria-label") ?? x.textContent.trim();
    line.append(key, text);
    return line;
  });
  place.querySelector("dl").replaceChildren(...lines);
  place.hidden = !lines.length;
}
