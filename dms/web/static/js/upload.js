// Sends files one by one as soon as they are dropped or chosen, and shows how far each is.
import { token } from "./net.js";

/** `form` is the plain form with the file input; [data-sending] is the list for what is on its way. */
export function dropFiles(form) {
  const input = form.querySelector('input[type="file"]');
  const sending = document.querySelector("[data-sending]");
  const model = document.querySelector("template[data-sending-row]");
  const live = document.querySelector("[data-live]");
  const queue = [];
  let busy = false;

  form.querySelector("[data-without-script]").hidden = true;
  input.addEventListener("change", () => {
    add(input.files);
    input.value = "";
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      form.classList.add("over");
    });
  }
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove("over");
  });
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    add(event.dataTransfer.files);
  });
  // Leaving the page would lose what has not been sent.
  window.addEventListener("beforeunload", (event) => {
    if (busy) event.preventDefault();
  });
  // A file dropped beside the place must not replace the page.
  for (const kind of ["dragover", "drop"]) {
    window.addEventListener(kind, (event) => event.preventDefault());
  }

  function add(files) {
    for (const file of files) {
      const row = model.content.firstElementChild.cloneNode(true);
      row.querySelector("[data-name]").textContent = file.name;
      sending.append(row);
      if (file.size > Number(form.dataset.most)) {
        failed(row, { message: form.dataset.tooLarge, advice: form.dataset.split });
      } else {
        queue.push({ file, row });
      }
    }
    sending.hidden = !sending.children.length;
    if (!busy) next();
  }

  function next() {
    const job = queue.shift();
    busy = Boolean(job);
    if (job) send(job);
  }

  function send({ file, row }) {
    const request = new XMLHttpRequest();
    const bar = row.querySelector("progress");
    request.open("POST", `${form.dataset.drop}?naam=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("X-Requested-With", "fetch");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable && event.total) bar.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => {
      if (request.status === 202) {
        row.remove();
        sending.hidden = !sending.children.length;
        live?.dispatchEvent(new Event("items:changed"));
      } else if (request.status === 401) {
        location.reload();
        return;
      } else {
        failed(row, problem(request));
      }
      next();
    });
    request.addEventListener("error", () => {
      failed(row, { message: form.dataset.noConnection, advice: form.dataset.tryAgain });
      next();
    });
    request.send(file);
  }

  function problem(request) {
    try {
      return JSON.parse(request.responseText);
    } catch {
      return { message: form.dataset.noConnection, advice: form.dataset.tryAgain };
    }
  }

  function failed(row, { message, advice }) {
    row.querySelector("progress").remove();
    row.querySelector("[data-problem]").textContent = [message, advice].filter(Boolean).join(" ");
    const tag = row.querySelector(".tag");
    tag.textContent = form.dataset.notSent;
    tag.className = "tag bad";
  }
}
