// Keeps a list of items up to date while something is still being read: by a stream of changes where the service has
// room for one, else by asking again.
import { piece } from "./net.js";

const QUICK = 1000;
const QUICK_TIMES = 20;
const STEADY = 2500;
const SLOW = 5000;

/** `root` holds [data-rows] with li[data-key], and [data-summary]. data-live is the list's own address,
 *  data-stream that of its changes. */
export function keepLive(root) {
  let failures = 0;
  let asked = 0;
  let timer = 0;
  let stream = null;
  let missed = false; // something changed while a stream was open: it may have looked just before
  let streams = Boolean(root.dataset.stream) && "EventSource" in window;

  function listen() {
    stream = new EventSource(root.dataset.stream);
    stream.addEventListener("rows", (event) => {
      const said = JSON.parse(event.data);
      change(root, said);
      if (said.busy) return;
      stop();
      if (missed) plan(QUICK);
      missed = false;
    });
    // The service has said all, or wants one to come back for more.
    stream.addEventListener("end", () => {
      stop();
      if (busy(root)) plan(QUICK);
    });
    // No room for one more stream, or the connection went: ask again from here on.
    stream.addEventListener("error", () => {
      stop();
      streams = false;
      plan(QUICK);
    });
  }

  function stop() {
    stream?.close();
    stream = null;
  }

  async function refresh() {
    timer = 0;
    if (document.hidden) {
      plan(SLOW);
      return;
    }
    if (streams) {
      if (!stream) listen();
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
    if (busy(root) || failures) {
      plan(Math.min((asked < QUICK_TIMES ? QUICK : STEADY) * 2 ** failures, 30000));
    }
  }

  function plan(wait) {
    if (!timer) timer = setTimeout(refresh, wait);
  }

  root.addEventListener("items:changed", () => {
    clearTimeout(timer);
    asked = 0;
    if (stream) {
      missed = true;
      return;
    }
    refresh();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stop();
    else if (busy(root)) root.dispatchEvent(new Event("items:changed"));
  });
  addEventListener("pagehide", stop);
  if (busy(root)) plan(streams ? 0 : QUICK);
}

function busy(root) {
  return Boolean(root.querySelector("[data-busy]"));
}

/** Puts rows that changed in place, in the order that is said. */
function change(root, { rows, order, summary, counts }) {
  const fresh = new DOMParser().parseFromString(`<ul>${rows.join("")}</ul>`, "text/html");
  const list = root.querySelector("[data-rows]");
  const known = new Map([...list.children].map((row) => [row.dataset.key, row]));
  for (const row of fresh.querySelectorAll("li[data-key]")) {
    known.set(row.dataset.key, document.importNode(row, true));
  }
  place(root, list, order.map((key) => known.get(key)).filter(Boolean));
  say(root, summary, counts);
}

/** Puts a whole new list in place; rows that did not change stay, so that focus and reading stay where they are. */
function renew(root, fresh) {
  const list = root.querySelector("[data-rows]");
  const newList = fresh.querySelector("[data-rows]");
  if (!list || !newList) return;
  const old = new Map([...list.children].map((row) => [row.dataset.key, row]));
  const rows = [...newList.children].map((row) => {
    const before = old.get(row.dataset.key);
    return before && before.outerHTML === row.outerHTML ? before : document.importNode(row, true);
  });
  place(root, list, rows);
  const counts = fresh.querySelector("[data-counts]")?.textContent.trim();
  say(root, fresh.querySelector("[data-summary]")?.textContent.trim() ?? "", counts);
}

function place(root, list, rows) {
  const held = document.activeElement?.closest?.("li[data-key]")?.dataset.key;
  if (rows.length !== list.children.length || rows.some((row, at) => row !== list.children[at])) {
    list.replaceChildren(...rows);
    if (held) list.querySelector(`li[data-key="${CSS.escape(held)}"] :is(a, button)`)?.focus();
  }
  const none = root.querySelector("[data-none]");
  if (none && rows.length) none.hidden = true;
}

function say(root, summary, counts) {
  for (const [name, text] of [["summary", summary], ["counts", counts]]) {
    const at = root.querySelector(`[data-${name}]`);
    if (at && text !== undefined && at.textContent.trim() !== text) at.textContent = text;
  }
}
