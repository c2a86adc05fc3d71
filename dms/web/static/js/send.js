// Sends files, a few at a time. One drop or choice is one sending; its files are numbered, so that a file whose answer
// was lost can be sent again without being kept twice. Large files go in pieces: a connection that breaks costs one of
// them. What was not sent when the page went away is remembered in this tab: choose the files again, and it goes on.
import { token } from "./net.js";
import { Remembered, freshId } from "./sendings.js";

const AT_ONCE = 3;
const PIECE = 4 * 1024 * 1024;
const LONGEST_PAUSE = 15000;

/** `limits` gives the largest file (most) and how often a lost connection is tried (tries). `on` is told: added(job), progress(job, share), sent(job),
 * waiting(job), failed(job, problem), idle(). */
export class Sender {
  constructor(address, pieces, limits, on) {
    this.address = address;
    this.pieces = pieces;
    this.limits = limits;
    this.on = on;
    this.memory = new Remembered();
    this.sending = this.memory.sending ?? freshId();
    this.queue = [];
    this.running = 0;
    this.next = this.memory.last;
  }

  get busy() {
    return this.running > 0 || this.queue.length > 0;
  }

  /** How many files of the page before this one are still to be chosen again. */
  get missing() {
    return this.memory.missing;
  }

  /** Takes `files` ({file, name}) into the queue. */
  add(files) {
    for (const { file, name } of files) {
      const before = this.memory.numberOf(file, name);
      if (before === "sent") continue;
      const job = { file, name, number: before ?? (this.next += 1) };
      this.on.added(job);
      if (file.size > this.limits.most()) {
        this.memory.forget(job);
        this.on.failed(job, { code: "too_large" });
        continue;
      }
      this.memory.keep(this.sending, job);
      this.queue.push(job);
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
      this.#send(this.queue.shift()).finally(() => {
        this.running -= 1;
        this.#work();
        if (!this.busy) this.on.idle();
      });
    }
  }

  async #send(job) {
    try {
      await (job.file.size > PIECE ? this.#inPieces(job) : this.#whole(job));
      this.memory.sent(job);
      this.on.sent(job);
    } catch (problem) {
      if (problem.code !== "connection") this.memory.forget(job);
      this.on.failed(job, problem);
    }
  }

  #whole(job) {
    return this.#tried(job, () => this.#post(this.address, job, job.file, {}, (loaded) => this.#share(job, loaded)));
  }

  async #inPieces(job) {
    const begin = () => this.#post(this.pieces, job, null, { "X-File-Size": String(job.file.size) });
    let told = await this.#tried(job, begin);
    while (!told.intake_id) {
      const start = told.received;
      const piece = job.file.slice(start, start + PIECE);
      const send = async () => {
        try {
          const headers = { "X-Offset": String(start) };
          return await this.#post(told.address, job, piece, headers, (loaded) => this.#share(job, start + loaded));
        } catch (problem) {
          // The piece arrived and its answer did not: go on where the service is.
          if (problem.code === "offset") return begin();
          throw problem;
        }
      };
      told = await this.#tried(job, send);
    }
  }

  #share(job, loaded) {
    if (job.file.size) this.on.progress(job, loaded / job.file.size);
  }

  /** Tries `act` again as long as only the connection is at fault, each time after a longer pause. */
  async #tried(job, act) {
    for (let tries = 1; ; tries += 1) {
      try {
        return await act();
      } catch (problem) {
        if (problem.code !== "connection" || tries >= this.limits.tries()) throw problem;
        this.on.waiting(job);
        await pause(Math.min(500 * 2 ** (tries - 1), LONGEST_PAUSE));
      }
    }
  }

  #post(address, job, body, more, on) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", address);
      const headers = {
        "X-CSRFToken": token(),
        "X-Requested-With": "fetch",
        "Content-Type": "application/octet-stream",
        "X-File-Name": encodeURIComponent(job.name),
        "X-Sending": `${this.sending}/${job.number}`,
        ...more,
      };
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      if (on) request.upload.addEventListener("progress", (event) => on(event.loaded));
      request.addEventListener("load", () => {
        if (request.status === 401) location.reload();
        else if (request.status < 300) resolve(dataOf(request) ?? {});
        else reject((request.status < 500 && dataOf(request)) || { code: "connection" });
      });
      for (const kind of ["error", "abort", "timeout"]) {
        request.addEventListener(kind, () => reject({ code: "connection" }));
      }
      request.send(body);
    });
  }
}

function dataOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

/** Waits, but no longer than until the browser says that it is connected again. */
function pause(milliseconds) {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      removeEventListener("online", go);
      resolve();
    };
    const timer = setTimeout(go, milliseconds);
    addEventListener("online", go);
  });
}
