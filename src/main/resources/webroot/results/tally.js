// The count, kept in this browser.
import { remember, remembered } from '../page/memory.js';

/** Read before and written after each vote: another tab of this browser may have counted on. */
export class Tally {
  #key;
  #candidates;

  constructor({ topic, candidates }) {
    this.#key = `tally.${topic}`;
    this.#candidates = candidates;
  }

  /** @returns {{counts: Map<string, number>, unknown: number, total: number, since: number | null}} */
  read() {
    const { counts, unknown, since } = this.#kept();
    const known = new Map(this.#candidates.map((name) => [name, counts.get(name) ?? 0]));
    const total = [...known.values()].reduce((sum, count) => sum + count, 0);
    return { counts: known, unknown, total, since };
  }

  /** @param {string} name the text of a vote */
  count(name) {
    const kept = this.#kept();
    if (this.#candidates.includes(name)) kept.counts.set(name, (kept.counts.get(name) ?? 0) + 1);
    else kept.unknown++;
    this.#write(kept);
  }

  reset() {
    this.#write({ counts: new Map(), unknown: 0, since: null });
  }

  #write({ counts, unknown, since }) {
    const own = [...counts].filter(([name]) => this.#candidates.includes(name));
    remember(this.#key, JSON.stringify({ counts: own, unknown, since: since ?? Date.now() }));
  }

  #kept() {
    try {
      const { counts, unknown, since } = JSON.parse(remembered(this.#key));
      const whole = counts.filter(([name, count]) => typeof name === 'string' && Number.isSafeInteger(count) && count >= 0);
      return { counts: new Map(whole), unknown: Number.isSafeInteger(unknown) ? unknown : 0, since: Number(since) };
    } catch {
      return { counts: new Map(), unknown: 0, since: null }; // nothing is kept, or nothing that can be read
    }
  }
}
