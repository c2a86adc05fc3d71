// Looks pupils up while one types: a combobox with a list (ARIA: combobox, listbox, aria-activedescendant).
// Without scripts the button beside the field does the same.
import { piece } from "./net.js";

const PAUSE = 150;
let lists = 0;

/**
 * `root` has [data-picker-field], [data-picker-list] and [data-picker-status]. What is chosen lands as a ticked choice
 * in [data-picker-choices]; with data-picker-opens the browser goes to the pupil instead.
 */
export function pickWhileTyping(root) {
  const field = root.querySelector("[data-picker-field]");
  const list = root.querySelector("[data-picker-list]");
  const status = root.querySelector("[data-picker-status]");
  const place = root.querySelector("[data-picker-choices]");
  const opens = "pickerOpens" in root.dataset;
  const id = `kies-${(lists += 1)}`;
  let found = [];
  let active = -1;
  let timer = 0;
  let running = null;

  root.querySelector("[data-picker-button]")?.setAttribute("hidden", "");
  list.id = id;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels?.[0]?.textContent ?? "");
  for (const [name, value] of [
    ["role", "combobox"],
    ["aria-autocomplete", "list"],
    ["aria-controls", id],
    ["aria-expanded", "false"],
  ]) {
    field.setAttribute(name, value);
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) look();
      else mark(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      // Enter chooses; in a form that files something it never files by accident.
      if (open && (active >= 0 || found.length === 1)) {
        event.preventDefault();
        choose(Math.max(active, 0));
      } else if (!opens) {
        event.preventDefault();
      }
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    } else if ((event.key === "Home" || event.key === "End") && open && active >= 0) {
      event.preventDefault();
      mark(event.key === "Home" ? 0 : found.length - 1);
    }
  });
  field.addEventListener("blur", () => setTimeout(close, 150));
  if (document.activeElement === field) look(); // typed while this script was still on its way
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option) choose([...list.children].indexOf(option));
  });

  async function look() {
    clearTimeout(timer);
    running?.abort();
    running = new AbortController();
    const asked = field.value.trim();
    if (asked.length < 2) {
      close();
      return;
    }
    try {
      const address = new URL(root.dataset.picker, location.href);
      address.searchParams.set("q", asked);
      const fresh = await piece(address, running.signal);
      show([...fresh.querySelectorAll("label.choice")], Boolean(fresh.querySelector("[data-more]")));
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function show(choices, more) {
    found = choices;
    active = -1;
    field.removeAttribute("aria-activedescendant");
    list.replaceChildren(
      ...choices.map((choice, at) => {
        const option = document.createElement("li");
        option.id = `${id}-${at}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        for (const name of ["name", "share", "more"]) {
          const text = document.createElement("span");
          text.className = name;
          text.textContent = choice.querySelector(`.${name}`).textContent.trim();
          option.append(text, " ");
        }
        return option;
      }),
    );
    list.hidden = !choices.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    const words = root.dataset;
    const text = more ? words.foundMore : words.foundMany;
    status.textContent =
      choices.length === 0
        ? words.foundNone
        : choices.length === 1
          ? words.foundOne
          : text.replace("{count}", String(choices.length));
    status.classList.toggle("unseen", choices.length > 0 && !more);
    status.classList.toggle("hint", choices.length === 0 || more);
    if (choices.length === 1) mark(0);
  }

  function mark(at) {
    if (!found.length) return;
    list.children[active]?.setAttribute("aria-selected", "false");
    active = (at + found.length) % found.length;
    const option = list.children[active];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  }

  function choose(at) {
    const choice = found[at];
    if (!choice) return;
    if (opens) {
      location.assign(choice.dataset.address);
      return;
    }
    const value = choice.querySelector("input").value;
    const known = [...root.querySelectorAll('input[type="radio"]')].find((x) => x.value === value);
    if (known) {
      known.checked = true;
    } else {
      const fresh = document.importNode(choice, true);
      place.replaceChildren(fresh);
      fresh.querySelector("input").checked = true;
    }
    status.textContent = choice.querySelector(".name").textContent;
    status.className = "unseen";
    field.value = "";
    close();
    root.querySelector("input:checked").focus();
  }

  function close() {
    clearTimeout(timer);
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }
}
