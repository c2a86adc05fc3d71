// Boxes on a page: ticks show at once what turns black, and a box can be drawn with mouse, pen or finger.
// Without this script the same is done with ticks, four numbers and buttons.

const figure = document.querySelector(".redaction-page");
const svg = figure?.querySelector("svg");

for (const tick of document.querySelectorAll("input[data-mark]")) {
  tick.addEventListener("change", () => {
    for (const rect of figure?.querySelectorAll(`rect[data-mark="${tick.dataset.mark}"]`) ?? []) {
      rect.classList.toggle("covered", tick.checked);
      rect.classList.toggle("left", !tick.checked);
    }
  });
}

const form = document.querySelector("form[data-box]");
const draft = figure?.querySelector("[data-draft]");

if (svg && form && draft && figure.dataset.draw !== undefined) {
  const { width, height } = svg.viewBox.baseVal;
  const names = ["links", "boven", "rechts", "onder"];
  const inputs = names.map((name) => form.elements.namedItem(name));
  let start = null;

  const show = () => {
    const [left, top, right, bottom] = inputs.map((one) => Number.parseFloat(one.value.replace(",", ".")) / 100);
    if ([left, top, right, bottom].some(Number.isNaN)) return;
    draft.setAttribute("x", Math.min(left, right) * width);
    draft.setAttribute("y", Math.min(top, bottom) * height);
    draft.setAttribute("width", Math.abs(right - left) * width);
    draft.setAttribute("height", Math.abs(bottom - top) * height);
  };

  const at = (event) => {
    const area = svg.getBoundingClientRect();
    const inside = (value) => Math.min(100, Math.max(0, value));
    return [
      inside(((event.clientX - area.left) / area.width) * 100),
      inside(((event.clientY - area.top) / area.height) * 100),
    ];
  };

  const write = (from, to) => {
    const values = [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])];
    inputs.forEach((one, index) => { one.value = values[index].toFixed(1).replace(".", ","); });
    show();
  };

  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    start = at(event);
    figure.classList.add("drawing");
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  svg.addEventListener("pointermove", (event) => { if (start) write(start, at(event)); });
  svg.addEventListener("pointerup", (event) => {
    if (start) write(start, at(event));
    start = null;
    figure.classList.remove("drawing");
  });
  svg.addEventListener("pointercancel", () => { start = null; figure.classList.remove("drawing"); });
  for (const one of inputs) one.addEventListener("input", show);
  show();
}
