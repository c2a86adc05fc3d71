// Choosing several documents at once, and dragging one to another category. The form does all of it without scripts.

/** `form` has boxes [data-bulk-box], and may have [data-bulk-all], [data-bulk-count] and the select [data-bulk-to]. */
export function bulk(form) {
  const boxes = [...form.querySelectorAll("[data-bulk-box]")];
  const all = form.querySelector("[data-bulk-all]");
  const count = form.querySelector("[data-bulk-count]");
  const empty = count?.textContent ?? "";
  let last = null;
  for (const part of form.querySelectorAll("[data-needs-script]")) part.hidden = false;

  all?.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  for (const box of boxes) {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last) {
        const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
        for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
      }
      last = box;
    });
    box.addEventListener("change", tell);
  }
  tell();
  window.addEventListener("pageshow", tell); // the browser may bring ticks back

  function tell() {
    const chosen = boxes.filter((x) => x.checked).length;
    for (const box of boxes) box.closest("li, tr")?.classList.toggle("chosen", box.checked);
    form.classList.toggle("none-chosen", !chosen);
    if (all) {
      all.checked = chosen > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
    if (count && form.dataset.countOne) {
      const text = chosen === 1 ? form.dataset.countOne : form.dataset.countMany.replace("{count}", String(chosen));
      count.textContent = chosen ? text : empty;
    }
  }

  const target = form.querySelector("[data-bulk-to]");
  if (target && matchMedia("(pointer: fine)").matches) dragToCategory(form, target, boxes);
}

/** A row is dragged to a heading with documents, or to one of all categories that appear below. */
function dragToCategory(form, target, boxes) {
  let dragged = null;
  let drops = null;

  for (const row of form.querySelectorAll("[data-document]")) {
    if (!row.querySelector("[data-bulk-box]")) continue;
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      dragged = row;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", row.querySelector("a").textContent);
      setTimeout(() => showPlaces(), 0); // not before the browser has taken its picture of the row
    });
    row.addEventListener("dragend", () => {
      dragged = null;
      drops?.remove();
      drops = null;
      for (const over of document.querySelectorAll(".over")) over.classList.remove("over");
    });
  }
  for (const section of form.querySelectorAll("[data-category]")) receive(section, section.dataset.category);

  function showPlaces() {
    if (!dragged) return;
    drops = document.createElement("div");
    drops.className = "drops";
    const head = document.createElement("p");
    head.textContent = target.options[0].textContent;
    drops.append(head);
    for (const option of [...target.options].slice(1)) {
      const place = document.createElement("div");
      place.className = "drop-place";
      place.textContent = option.textContent;
      receive(place, option.value);
      drops.append(place);
    }
    document.body.append(drops);
  }

  function receive(place, category) {
    const fits = () =>
      dragged &&
      dragged.closest("[data-category]").dataset.category !== category &&
      [...target.options].some((x) => x.value === category);
    place.addEventListener("dragover", (event) => {
      if (!fits()) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "move";
      place.classList.add("over");
    });
    place.addEventListener("dragleave", (event) => {
      if (!place.contains(event.relatedTarget)) place.classList.remove("over");
    });
    place.addEventListener("drop", (event) => {
      if (!fits()) return;
      event.preventDefault();
      const own = dragged.querySelector("[data-bulk-box]");
      // What is dragged goes; when it is one of several that are ticked, they go together.
      if (!own.checked) for (const box of boxes) box.checked = box === own;
      target.value = category;
      form.requestSubmit(form.querySelector('button[value="verplaats"]'));
    });
  }
}
