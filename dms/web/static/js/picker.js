// Looks pupils up while one types. Without scripts the button beside the field does the same.
import { piece } from "./net.js";

const PAUSE = 180;

/** `root` has the field [data-picker-field] and the place [data-picker-choices] for what is found. */
export function pickWhileTyping(root) {
  const field = root.querySelector("[data-picker-field]");
  const place = root.querySelector("[data-picker-choices]");
  let timer = 0;
  let running = null;

  root.querySelector("[data-picker-button]").hidden = true;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  // Enter in the field chooses the only one found, and never files by accident.
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = place.querySelector('input[type="radio"]');
    if (first) {
      first.focus();
      if (place.querySelectorAll('input[type="radio"]').length === 1) first.checked = true;
    }
  });

  async function look() {
    running?.abort();
    running = new AbortController();
    const asked = field.value.trim();
    if (asked.length < 2) {
      keepChosen([]);
      return;
    }
    try {
      const found = await piece(`${root.dataset.picker}?q=${encodeURIComponent(asked)}`, running.signal);
      keepChosen([...found.body.children].map((x) => document.importNode(x, true)));
    } catch (error) {
      if (error.name !== "AbortError") keepChosen([]);
    }
  }

  /** Shows what is found; a pupil that was chosen here before stays, so that nothing chosen is lost. */
  function keepChosen(found) {
    const chosen = place.querySelector("input:checked")?.closest("label");
    const suggested = new Set(
      [...root.querySelectorAll('input[type="radio"]')].filter((x) => !place.contains(x)).map((x) => x.value),
    );
    const fresh = found.filter((x) => {
      const value = x.querySelector?.("input")?.value;
      return !value || (!suggested.has(value) && value !== chosen?.querySelector("input").value);
    });
    place.replaceChildren(...(chosen ? [chosen] : []), ...fresh);
  }
}
