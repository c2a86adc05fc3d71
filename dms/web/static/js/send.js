// Sends files, a few at a time, each in a request of its own. One drop or choice is one sending; its files are numbered,
// so that a file whose answer was lost can be sent again without being kept twice.
import { token } from "./net.js";

const AT_ONCE = 3;

/** `on` is told: added(job), progress(job, share), sent(job), failed(job, problem), idle(). */
export class Sender {
  constructor(address, most, on) {
    this.address = address;
    this.most = most;
    this.on = on;
    this.sending = freshId();
    this.queue = [];
    this.running = 0;
    this.next = 0;
  }

  get busy() {
    return this.running > 0 || this.queue.length > 0;
  }

  /** Takes `files` ({file, name}) into the queue. */
  add(files) {
    for (const { file, name } of files) {
      const job = { file, name, number: (this.next += 1) };
      this.on.added(job);
      if (file.size > this.most()) this.on.failed(job, { code: "too_large" });
      else this.queue.push(job);
    }
    this.#work();
  }

  /** Sends a job once more. */
  again(job) {
    this.queue.push(job);
    this.#work();
  }

  #work() {
    while (this.running < AT_ONCE && this.queue.length) {
      this.running += 1;
      this.#send(this.queue.shift());
    }
  }

  #done() {
    this.running -= 1;
    this.#work();
    if (!this.busy) this.on.idle();
  }

  #send(job) {
    const request = new XMLHttpRequest();
    request.open("POST", this.address);
    const headers = {
      "X-CSRFToken": token(),
      "X-Requested-With": "fetch",
      "Content-Type": "application/octet-stream",
      "X-File-Name": encodeURIComponent(job.name),
      "X-Sending": `${this.sending}/${job.number}`,
    };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable && event.total) this.on.progress(job, event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status === 401) {
        location.reload();
        return;
      }
      if (request.status === 202) this.on.sent(job);
      else this.on.failed(job, problemOf(request));
      this.#done();
    });
    request.addEventListener("error", () => {
      this.on.failed(job, { code: "connection" });
      this.#done();
    });
    request.send(job.file);
  }
}

function problemOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return { code: "connection" };
  }
}

function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((x) => x.toString(16).padStart(2, "0")).join("");
  return [8, 12, 16, 20].reduceRight((text, at) => `${text.slice(0, at)}-${text.slice(at)}`, hex);
}
