// The newest events, each once, and how many of each type have come. Bounded.
import { offsetOf, timeOf, typeOf } from '../page/records.js';

const EVENTS_MAX = 500;
const TYPES_MAX = 200;
const KINDS = { alert: 'alerts', action: 'actions', module: 'modules' };
const OTHER = '…';

/** events, alerts, actions or modules. */
export const kindOf = (type) => KINDS[type.replace(/s$/, '')] ?? 'events';

/** @typedef {{offset: number, at: number, type: string, kind: string, record: object}} Event */

export class Feed {
  /** @type {Event[]} the newest first */
  #events = [];
  #known = new Set(); // their offsets
  total = 0;
  /** @type {Map<string, number>} by type; the last ones together when there are too many */
  types = new Map();
  /** @type {Map<string, number>} */
  kinds = new Map();

  get events() {
    return this.#events;
  }

  clear() {
    this.#events = [];
    this.#known.clear();
    this.types.clear();
    this.kinds.clear();
    this.total = 0;
  }

  /** @returns {Event | null} null if it is known already, or older than all that is kept */
  take(record) {
    const offset = offsetOf(record);
    if (this.#known.has(offset) && Number.isFinite(offset)) return null;
    const full = this.#events.length >= EVENTS_MAX;
    if (full && offset < this.#events.at(-1).offset) return null;
    const type = typeOf(record);
    const event = { offset, at: timeOf(record), type, kind: kindOf(type), record };
    let place = 0;
    while (place < this.#events.length && this.#events[place].offset > offset) place++;
    this.#events.splice(place, 0, event);
    this.#known.add(offset);
    if (full) this.#known.delete(this.#events.pop().offset);
    this.#count(event);
    return event;
  }

  #count({ type, kind }) {
    this.total++;
    const name = this.types.has(type) || this.types.size < TYPES_MAX ? type : OTHER;
    this.types.set(name, (this.types.get(name) ?? 0) + 1);
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
  }
}
