// What is to be published, until the broker has acknowledged it.
import { remember, remembered } from './memory.js';

const MOST = 50;

export class Pending {
  #key;
  #waiting;
  #sent = new Map();

  /** @param {string | null} key under which what could not be sent survives a reload; null: nowhere */
  constructor(key) {
    this.#key = key;
    this.#waiting = key ? kept(remembered(key)) : [];
  }

  get size() {
    return this.#waiting.length + this.#sent.size;
  }

  /** How many are with the broker. */
  get sent() {
    return this.#sent.size;
  }

  /** False: there are too many already. */
  add(entry) {
    if (this.size >= MOST) return false;
    this.#waiting.push(entry);
    this.#save();
    return true;
  }

  /** @param {(message: Paho.Message) => void} send keeps a message of a session before it returns */
  sendAll(send) {
    while (this.#waiting.length > 0) {
      const entry = this.#waiting[0];
      const message = new Paho.Message(new TextEncoder().encode(entry.text));
      Object.assign(message, { destinationName: entry.topic, qos: entry.qos, retained: entry.retained });
      send(message);
      this.#sent.set(message, entry);
      this.#waiting.shift();
      this.#save();
    }
  }

  settle(message) {
    this.#sent.delete(message);
  }

  /** What was sent and not acknowledged waits again, before the rest. */
  takeBack() {
    this.#waiting.unshift(...this.#sent.values());
    this.#sent.clear();
  }

  #save() {
    if (this.#key) remember(this.#key, this.#waiting.length > 0 ? JSON.stringify(this.#waiting) : null);
  }
}

function kept(text) {
  try {
    const entries = JSON.parse(text ?? '[]');
    return Array.isArray(entries) ? entries.slice(0, MOST) : [];
  } catch {
    return [];
  }
}
