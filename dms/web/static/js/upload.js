// Files that are dropped on any page, or chosen at the intake page, are sent at once; the dock shows each.
import { filesOf } from "./folders.js";
import { keepLive } from "./live.js";
import { Sender } from "./send.js";

/** `dock` is the panel of the frame; a form [data-drop], on the intake page, gives files to it as well. */
export function dropAnywhere(dock) {
  const veil = document.querySelector("[data-veil]");
  const model = document.querySelector("template[data-sending-row]");
  const list = dock.querySelector("[data-sending]");
  const received = dock.querySelector("[data-received]");
  const form = document.querySelector("form[data-drop]");
  const here = document.querySelector("[data-live]:not([data-live=''])");
  const rows = new Map();
  const counts = { total: 0, sent: 0 };
  let live = false;

  const limits = { most: () => Number(dock.dataset.most), tries: () => Number(dock.dataset.tries) };
  const sender = new Sender(dock.dataset.to, dock.dataset.pieces, limits, {
    added(job) {
      const row = model.content.firstElementChild.cloneNode(true);
      row.querySelector("[data-name]").textContent = job.name;
      row.querySelector("[data-again]").addEventListener("click", () => again(job));
      rows.set(job, row);
      list.append(row);
      counts.total += 1;
    },
    progress(job, share) {
      const row = rows.get(job);
      const bar = row.querySelector("progress");
      if (bar) bar.value = share;
      row.querySelector("[data-problem]").textContent = "";
    },
    waiting(job) {
      rows.get(job).querySelector("[data-problem]").textContent = dock.dataset.goesOn;
    },
    sent(job) {
      rows.get(job).remove();
      counts.sent += 1;
      dock.querySelector("[data-receipt-link]").href = address;
      tell();
      follow();
    },
    failed,
    idle: tell,
  });
  const address = dock.dataset.receipt.replace(/[0-9a-f]{8}-[-0-9a-f]{27}/, sender.sending);

  if (sender.missing) takeUp();
  if (form) fromForm(form);
  dock.querySelector("[data-close]").addEventListener("click", () => {
    dock.hidden = true;
  });
  overPage();
  // What has the focus is never under the dock: the page leaves room for it and scrolls that far.
  new ResizeObserver(() => {
    const room = dock.offsetHeight ? dock.offsetHeight + 32 : 0;
    document.documentElement.style.setProperty("--dock", `${room}px`);
  }).observe(dock);
  // Leaving the page would lose what has not been sent; what was sent is followed on the receipt's page.
  addEventListener("beforeunload", (event) => {
    if (sender.busy) event.preventDefault();
  });

  function add(files) {
    if (!files.length) return;
    dock.hidden = false;
    sender.add(files);
    takeUp();
    tell();
  }

  /** Files that the page before this one did not send: a page may not read them again by itself. */
  function takeUp() {
    const place = dock.querySelector("[data-take-up]");
    place.hidden = !sender.missing;
    if (!sender.missing) return;
    dock.hidden = false;
    place.querySelector("[data-missing]").textContent = sender.missing;
  }

  function fromForm(it) {
    for (const plain of it.querySelectorAll("[data-without-script]")) plain.hidden = true;
    for (const one of it.querySelectorAll('input[type="file"]')) {
      one.addEventListener("change", () => {
        add([...one.files].map((file) => ({ file, name: file.name })));
        one.value = "";
      });
    }
    it.addEventListener("submit", (event) => event.preventDefault());
    const folder = it.querySelector("[data-folder-input]");
    if (folder && "webkitdirectory" in folder) {
      folder.webkitdirectory = true;
      folder.closest("[data-folder]").hidden = false;
    }
  }

  /** The whole page takes files; a file dropped anywhere never replaces it. */
  function overPage() {
    let depth = 0;
    const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    const cover = (on) => {
      veil.hidden = !on;
      if (!on) depth = 0;
    };
    document.addEventListener("dragenter", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth += 1;
      cover(true);
    });
    document.addEventListener("dragover", (event) => {
      if (hasFiles(event)) event.preventDefault();
    });
    document.addEventListener("dragleave", (event) => {
      if (!hasFiles(event)) return;
      depth -= 1;
      if (depth <= 0) cover(false);
    });
    document.addEventListener("drop", async (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      cover(false);
      add(await filesOf(event.dataTransfer));
    });
  }

  function tell() {
    dock.querySelector("[data-count]").textContent = counts.sent;
    dock.querySelector("[data-total]").textContent = counts.total;
    const bar = dock.querySelector(".progress progress");
    bar.value = counts.total ? counts.sent / counts.total : 0;
    dock.classList.toggle("all-sent", counts.sent === counts.total);
  }

  /** What was received is followed: on the intake page in its own list, elsewhere in the dock. */
  function follow() {
    if (here) {
      here.dispatchEvent(new Event("items:changed"));
      return;
    }
    received.dataset.live = address;
    received.dataset.stream = `${address}/live`;
    if (!live) {
      live = true;
      keepLive(received);
    }
    received.dispatchEvent(new Event("items:changed"));
  }

  function again(job) {
    const row = rows.get(job);
    const fresh = model.content.firstElementChild.cloneNode(true);
    fresh.querySelector("[data-name]").textContent = job.name;
    fresh.querySelector("[data-again]").addEventListener("click", () => again(job));
    rows.set(job, fresh);
    row.replaceWith(fresh);
    sender.again(job);
  }

  /** What needs a person stands on top. */
  function failed(job, problem) {
    const row = rows.get(job);
    const text = {
      too_large: [dock.dataset.tooLarge, dock.dataset.split],
      connection: [dock.dataset.noConnection, dock.dataset.tryAgain],
    }[problem.code] ?? [problem.message, problem.advice];
    row.querySelector("progress")?.remove();
    row.querySelector("[data-problem]").textContent = text.filter(Boolean).join(" ");
    const tag = row.querySelector(".tag");
    tag.textContent = dock.dataset.notSent;
    tag.className = "tag bad";
    row.querySelector("[data-again]").hidden = problem.code !== "connection";
    list.prepend(row);
  }
}
