// What a tab remembers of a sending that is not finished: the sending, and per file a number and whether it was sent.
// No names: a file is known again by a number made of its name, size and day. It is gone when the tab is closed.

const KEY = "dossierkluis.sending";

export class Remembered {
  constructor() {
    const kept = read();
    this.sending = kept?.sending ?? null;
    this.files = kept?.files ?? {};
    this.before = new Map(Object.entries(this.files)); // of the page before this one: each is taken up once
    if (this.sending && ![...this.before.values()].some((x) => !x.sent)) this.#clear();
  }

  /** The highest number that was given out. */
  get last() {
    return Math.max(0, ...Object.values(this.files).map((x) => x.number));
  }

  /** How many files are still to be chosen again. */
  get missing() {
    return [...this.before.values()].filter((x) => !x.sent).length;
  }

  /** The number that the page before this one gave the file; "sent" when it has arrived already. */
  numberOf(file, name) {
    const key = printOf(file, name);
    const found = this.before.get(key);
    if (!found) return undefined;
    if (found.sent && !this.missing) return undefined; // all is there: the same file again is a new one
    this.before.delete(key);
    return found.sent ? "sent" : found.number;
  }

  keep(sending, job) {
    this.sending = sending;
    this.files[printOf(job.file, job.name)] = { number: job.number, sent: false };
    this.#write();
  }

  sent(job) {
    const found = this.files[printOf(job.file, job.name)];
    if (found) found.sent = true;
    this.#write();
  }

  forget(job) {
    delete this.files[printOf(job.file, job.name)];
    this.#write();
  }

  #write() {
    if (Object.values(this.files).every((x) => x.sent) && !this.missing) {
      sessionStorage.removeItem(KEY);
      return;
    }
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ sending: this.sending, files: this.files }));
    } catch {
      // The browser keeps nothing: then a page that goes away forgets, as it always did.
    }
  }

  #clear() {
    this.sending = null;
    this.files = {};
    this.before = new Map();
    sessionStorage.removeItem(KEY);
  }
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

/** A number of 53 bits that a file has again when it is chosen again. */
function printOf(file, name) {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (const sign of `${name}/${file.size}/${file.lastModified}`) {
    const code = sign.codePointAt(0);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}

export function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((x) => x.toString(16).padStart(2, "0")).join("");
  return [8, 12, 16, 20].reduceRight((text, at) => `${text.slice(0, at)}-${text.slice(at)}`, hex);
}
