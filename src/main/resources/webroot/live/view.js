// The time that is shown: until now, or until somebody pressed pause; and what fills it from the past.
import { tokenOfPage } from '../spillway/token.js';
import { getJson } from '../spillway/polling.js';
import { readHistory } from './history.js';
import { timeOf } from './measured.js';
import { RANGES } from './ranges.js';

const AHEAD_MS_MAX = 60_000;
const ROOM = 1.25;
const SHOWN_MS_MIN = 15_000;

/** Milliseconds of the server's clock: that of the reader may be wrong. */
export const clock = {
  aheadMs: 0,
  now() {
    return Date.now() + this.aheadMs;
  },
  /** The server says what time it is; what is within a second may be the way. */
  set(serverMs) {
    const ahead = serverMs - Date.now();
    if (Number.isFinite(ahead)) this.aheadMs = Math.abs(ahead) < 1000 ? 0 : ahead;
  },
};

/** Where on the time axis a record that comes now belongs. */
export function placeInTime(record) {
  const now = clock.now();
  const at = timeOf(record);
  return at < now + AHEAD_MS_MAX ? at : now; // no time, or one that nobody believes
}

const ask = (parameters) => {
  const url = new URL('../api/records', import.meta.url);
  for (const [key, value] of Object.entries(parameters)) url.searchParams.set(key, String(value));
  url.search = url.search.replaceAll('+', '%20');
  return getJson(fetch.bind(globalThis), url, tokenOfPage());
};

export class View {
  #buckets;
  #stop = new AbortController();
  #range;
  #since = Infinity; // of all that is held
  #whole = true;
  #keptMs = 0;

  /** @param {string} range @param {number} buckets how fine */
  constructor(range, buckets) {
    this.#range = range;
    this.#buckets = buckets;
  }

  get range() {
    return this.#range;
  }

  /** Milliseconds from left to right. */
  get spanMs() {
    const span = RANGES[this.#range];
    return span === Infinity ? Math.max(RANGES['1m'], 1.02 * (clock.now() - Math.min(this.#since, clock.now()))) : span;
  }

  /** Where the picture begins: no earlier than what there is, so that it is not empty at first. */
  from(now, first) {
    return Math.max(now - this.spanMs, Math.min(first, now - SHOWN_MS_MIN));
  }

  /** Nothing is left out between two points. */
  get whole() {
    return this.#whole;
  }

  /**
   * Reads what was before; a later call ends it.
   * @param {string} range
   * @param {{topic: string, sources: number, take: (record: any, at: number) => void, resize: (spanMs: number, buckets: number) => void}} what
   * @returns {Promise<boolean | null>} whether nothing had to be left out; null: there is a later one
   */
  async fill(range, { topic, sources, take, resize }) {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#range = range;
    this.#whole = true;
    if (RANGES[range] === Infinity) this.#since = await this.#oldest();
    if (signal.aborted) return null;
    this.#keptMs = 0;
    this.makeRoom(resize);
    const into = (record) => {
      const at = timeOf(record);
      if (Number.isFinite(at) && at < clock.now() + AHEAD_MS_MAX && !signal.aborted) take(record, at);
    };
    const { whole } = await readHistory(ask, { from: clock.now() - this.spanMs, topic, take: into, sources, signal });
    if (signal.aborted) return null;
    this.#whole = whole;
    return whole;
  }

  /** Makes room for the time that is shown, and more for all that is held, as that grows. */
  makeRoom(resize) {
    if (this.spanMs <= this.#keptMs) return;
    this.#keptMs = RANGES[this.#range] === Infinity ? ROOM * this.spanMs : this.spanMs;
    resize(this.#keptMs, this.#buckets);
  }

  async #oldest() {
    const { records } = await ask({ since: 1, limit: 1 });
    const at = records.length > 0 ? timeOf(records[0]) : NaN;
    return at < clock.now() ? at : clock.now();
  }
}
