// Keeps a list of items up to date while something is still being read.
import { piece } from "./net.js";

const QUICK = 1000;
const QUICK_TIMES = 20;
const STEADY = 2500;
const SLOW = 5000;

/** `root` holds [data-rows] with li[data-key], and [data-summary]. Asks again as long as a row is busy. */
export function keepLive(root) {
  let failures = 0;
  let asked = 0;
  let timer = 0;

  async function refresh() {
    timer = 0;
    if (document.hidden) {
      plan(SLOW);
      return;
    }
    try {
      const fresh = await piece(root.dataset.live);
      failures = 0;
      asked += 1;
      renew(root, fresh);
    } catch {
      failures += 1;
    }
    if (root.querySelector("[data-busy]") || failures) {
      plan(Math.min((asked < QUICK_TIMES ? QUICK : STEADY) * 2 ** failures, 30000));
    }
  }

  function plan(wait) {
    if (!timer) timer = setTimeout(refresh, wait);
  }

  root.addEventListener("items:changed", () => {
    clearTimeout(timer);
    asked = 0;
    refresh();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && root.querySelector("[data-busy]")) root.dispatchEvent(new Event("items:changed"));
  });
  if (root.querySelector("[data-busy]")) plan(QUICK);
}

/** Puts new rows in place; rows that did not change stay, so that focus and reading stay where they are. */
function renew(root, fresh) {
  const list = root.querySelector("[data-rows]");
  const newList = fresh.querySelector("[data-rows]");
  if (!list || !newList) return;
  const held = document.activeElement?.closest?.("li[data-key]")?.dataset.key;
  const old = new Map([...list.children].map((row) => [row.dataset.key, row]));
  const rows = [...newList.children].map((row) => {
    const before = old.get(row.dataset.key);
    return before && before.outerHTML === row.outerHTML ? before : document.importNode(row, true);
  });
  if (rows.length !== list.children.length || rows.some((row, at) => row !== list.children[at])) {
    list.replaceChildren(...rows);
    if (held) list.querySelector(`li[data-key="${CSS.escape(held)}"] :is(a, button)`)?.focus();
  }
  const said = fresh.querySelector("[data-summary]")?.textContent.trim() ?? "";
  const summary = root.querySelector("[data-summary]");
  if (summary && summary.textContent.trim() !== said) summary.textContent = said;
}
