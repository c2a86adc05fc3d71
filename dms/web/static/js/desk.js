// The desk at the pace of who works there: the next item is fetched while this one is looked at, Enter shows it at once,
// and the answer comes after. Nothing is lost when it does not: the item still lies at the desk.
import { piece, token } from "./net.js";
import { listKeys } from "./keys.js";
import { begin, focusFirst } from "./start.js";

const SIGN_OF_LIFE = 60_000;
const ahead = new Map(); // address → its page, being fetched or there
const done = new Set(); // addresses of what was filed from this page
let alive = 0;
const signs = new Map(); // address → its last sign of life: one that came after the filing would be for what is gone

/** Starts on a page of one item; does nothing elsewhere. */
export function desk() {
  if (!head()) return;
  history.replaceState({ desk: true }, "");
  document.addEventListener("submit", onSubmit);
  document.addEventListener("click", onClick);
  document.addEventListener("click", onPick);
  document.addEventListener("change", (event) => event.target.form && shown(event.target));
  window.addEventListener("popstate", () => location.reload());
  settle();
}

function head() {
  return document.querySelector("[data-desk]");
}

/** What every item asks: a sign of life, and the next one at hand. */
function settle() {
  clearInterval(alive);
  const here = head();
  if (!here) return;
  for (const picks of document.querySelectorAll("main [data-picks]")) picks.hidden = false;
  alive = setInterval(() => live(here.dataset.desk), SIGN_OF_LIFE);
  for (const address of following().slice(0, 2)) fetchAhead(address);
}

function following() {
  return (head()?.dataset.next ?? "").split(" ").filter((x) => x && !done.has(x));
}

function fetchAhead(address) {
  if (ahead.has(address)) return;
  const entry = { page: null };
  ahead.set(address, entry);
  piece(`${address}?vooraf=1`).then(
    (page) => {
      entry.page = page;
      for (const image of [...page.querySelectorAll("img.sheet")].slice(0, 1)) new Image().src = image.getAttribute("src");
    },
    () => ahead.delete(address),
  );
}

function onSubmit(event) {
  const form = event.target;
  if (!form.matches("[data-desk-form]") || event.submitter?.value === "zoek") return;
  const next = following().find((x) => ahead.get(x)?.page);
  const chosen = form.querySelector('input[name="leerling"]:checked') && form.elements.categorie.value;
  if (!next || !chosen || form.elements.blijf?.checked) return; // the page itself does it, and says what is missing
  event.preventDefault();
  const here = head().dataset;
  const filed = { address: here.desk, name: document.querySelector("main h1").textContent, words: { ...here } };
  const data = new FormData(form);
  data.set("doe", "opbergen");
  done.add(filed.address);
  show(next);
  Promise.resolve(signs.get(filed.address))
    .then(() => send(filed.address, data))
    .then(
      (answer) => tell(answer),
      (fault) => failed(filed, fault),
    );
}

/** A link to an item that is at hand is shown at once. */
function onClick(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest?.("main .trail a.act");
  const address = link?.getAttribute("href");
  if (!address || !ahead.get(address)?.page) return;
  event.preventDefault();
  show(address);
}

/** A suggestion that is pressed is what the list below its label says; the list stays what is sent. */
function onPick(event) {
  const button = event.target.closest?.("main [data-picks] button");
  if (!button) return;
  const list = document.getElementById(button.closest("[data-picks]").dataset.picks);
  list.value = button.value;
  shown(list);
}

function shown(list) {
  for (const button of document.querySelectorAll(`main [data-picks="${list.id}"] button`)) {
    button.setAttribute("aria-pressed", String(button.value === list.value));
  }
}

function show(address) {
  const fresh = document.importNode(ahead.get(address).page.querySelector("main"), true);
  const main = document.querySelector("main");
  const kept = [...main.querySelectorAll("[data-desk-failed]")];
  ahead.delete(address);
  main.replaceChildren(...kept, ...fresh.childNodes);
  document.title = main.querySelector("h1")?.textContent ?? document.title;
  history.pushState({ desk: true }, "", address);
  scrollTo(0, 0);
  begin(main);
  listKeys();
  focusFirst();
  live(address);
  settle();
}

/** Says that the person is at this item. */
function live(address) {
  signs.set(
    address,
    send(`${address}/bezig`, new FormData()).catch(() => {}),
  );
}

async function send(address, data) {
  const answer = await fetch(address, {
    method: "POST",
    body: data,
    keepalive: true,
    credentials: "same-origin",
    headers: { "X-Requested-With": "fetch", "X-CSRFToken": token() },
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(said.title ?? said.message ?? ""), { said });
  return said;
}

/** What was filed, with the way back; and how many wait by now. */
function tell(answer) {
  const waiting = document.querySelector("[data-waiting]");
  if (waiting && answer.words) waiting.textContent = answer.words;
  const count = document.querySelector(".menu [aria-current] .count")?.lastChild;
  if (count && answer.waiting !== undefined) count.textContent = answer.waiting;
  const piece = new DOMParser().parseFromString(answer.told ?? "", "text/html");
  const main = document.querySelector("main");
  for (const old of main.querySelectorAll("[data-toast]")) old.remove();
  const fresh = document.importNode(piece.body, true);
  const toasts = [...fresh.children];
  main.prepend(...toasts);
  for (const toast of toasts) begin({ querySelectorAll: (x) => (toast.matches(x) ? [toast] : []) });
}

/** It still lies at the desk: say so, with the way to it. */
function failed(filed, fault) {
  done.delete(filed.address);
  const note = document.createElement("div");
  note.className = "note bad";
  note.setAttribute("role", "alert");
  note.dataset.deskFailed = "";
  const told = document.createElement("p");
  const strong = document.createElement("strong");
  strong.textContent = filed.words.failed.replace("{name}", filed.name);
  const said = fault.said ?? {};
  told.append(strong, " ", [said.message ?? said.title ?? filed.words.lost, said.advice ?? ""].join(" "));
  const back = document.createElement("a");
  back.href = filed.address;
  back.textContent = filed.words.again;
  note.append(told, back);
  document.querySelector("main").prepend(note);
}
