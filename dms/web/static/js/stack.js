// Arrow keys walk over the pages of a stack, with shift they tick along the way. Without this, Tab and space do.

const form = document.querySelector("[data-stack]");
if (form) {
  const ticks = [...form.querySelectorAll('input[name="blz"]')];
  const told = form.querySelector("[data-stack-count]");
  let last = null;

  const tell = () => {
    const count = ticks.filter((x) => x.checked).length;
    if (count) {
      told.textContent = count === 1 ? form.dataset.countOne : form.dataset.countMany.replace("{count}", count);
    }
  };

  const range = (from, to, on) => {
    const [a, b] = [ticks.indexOf(from), ticks.indexOf(to)].sort((x, y) => x - y);
    for (const one of ticks.slice(a, b + 1)) one.checked = on;
  };

  // How many pages stand on one line, to go up and down.
  const across = (tick) => {
    const items = [...tick.closest("ul").children];
    const top = items[0].offsetTop;
    return Math.max(1, items.filter((x) => x.offsetTop === top).length);
  };

  form.addEventListener("keydown", (event) => {
    const at = ticks.indexOf(event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across(event.target), ArrowUp: -across(event.target) }[event.key];
    const next = step === undefined ? undefined : ticks[Math.min(ticks.length - 1, Math.max(0, at + step))];
    if (!next) return;
    event.preventDefault();
    next.focus();
    if (event.shiftKey) {
      range(event.target, next, true);
      tell();
    }
  });

  form.addEventListener("click", (event) => {
    if (!ticks.includes(event.target)) return;
    if (event.shiftKey && last) range(last, event.target, event.target.checked);
    last = event.target;
    tell();
  });

  // Enter in a field moves pages; it must not press the first button of the form.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("#voor, #naar")) {
      event.preventDefault();
      form.querySelector('button[value="verplaats"]').click();
    } else if (event.key === "Enter" && ticks.includes(event.target)) {
      event.preventDefault();
      event.target.click();
    }
  });
  tell();
}
