// The values of one quantity over a time, thinned for drawing: of each short while the least and the
// greatest, with their times. So a spike is always seen, and memory does not depend on how many come.

const FIELDS = 5; // number of the while, least, its time, greatest, its time
const LEARN = 0.2;
const OUTLIER = 4;
const STALE_AFTER = 4; // usual intervals
const STALE_MS_MIN = 10_000;
const STALE_MS_MAX = 3_600_000;
const STALE_MS_UNKNOWN = 300_000;

/** What is added twice counts once, and what comes late finds its place. */
export class Series {
  /** The newest value, whatever the time that is shown. @type {number | string | null} */
  last = null;
  /** Its time. */
  at = -Infinity;
  /** The earliest time of all. */
  first = Infinity;
  /** How often it was added to. */
  count = 0;
  #width;
  #slots;
  #usualMs = 0;
  #before = NaN;

  /**
   * @param {number} spanMs the time that is kept
   * @param {number} buckets in so many whiles
   */
  constructor(spanMs, buckets) {
    this.#slots = new Float64Array((buckets + 2) * FIELDS).fill(-1);
    this.#width = spanMs / buckets;
  }

  /** @param {number} at milliseconds @param {number | string} value */
  add(at, value) {
    this.count++;
    this.#learn(at);
    this.first = Math.min(this.first, at);
    if (at >= this.at) {
      this.at = at;
      this.last = value;
    }
    if (typeof value === 'number') this.#put(at, value);
  }

  /** Another time to be shown; what is kept goes over as far as it goes. */
  resize(spanMs, buckets) {
    const points = this.points(-Infinity);
    this.#slots = new Float64Array((buckets + 2) * FIELDS).fill(-1);
    this.#width = spanMs / buckets;
    for (const { x, y } of points) this.#put(x, y);
  }

  /** How long after the newest one it is stale: some times as long as it usually takes. */
  get staleAfterMs() {
    if (this.#usualMs === 0) return STALE_MS_UNKNOWN;
    return Math.min(STALE_MS_MAX, Math.max(STALE_MS_MIN, STALE_AFTER * this.#usualMs));
  }

  /**
   * Oldest first. A pause of more than `breakMs` is a point without a value.
   * @param {number} from milliseconds
   * @param {number} [breakMs]
   * @returns {{x: number, y: number}[]}
   */
  points(from, breakMs = Infinity) {
    const points = [];
    for (const slot of this.#inOrder()) {
      const [, least, leastAt, most, mostAt] = this.#slots.subarray(slot, slot + FIELDS);
      const pair = leastAt <= mostAt ? [[leastAt, least], [mostAt, most]] : [[mostAt, most], [leastAt, least]];
      if (leastAt === mostAt) pair.pop();
      for (const [x, y] of pair) {
        if (x < from) continue;
        if (points.length > 0 && x - points.at(-1).x > breakMs) points.push({ x: x - 1, y: NaN });
        points.push({ x, y });
      }
    }
    if (typeof this.last === 'number' && this.at >= from && !(points.at(-1)?.x >= this.at)) points.push({ x: this.at, y: this.last });
    return points;
  }

  #inOrder() {
    const slots = [];
    for (let slot = 0; slot < this.#slots.length; slot += FIELDS) if (this.#slots[slot] >= 0) slots.push(slot);
    return slots.sort((a, b) => this.#slots[a] - this.#slots[b]);
  }

  // One slot for every so many-th while: a newer while takes the place of one that is past.
  #put(at, value) {
    const number = Math.floor(at / this.#width);
    const count = this.#slots.length / FIELDS;
    const slot = (number % count) * FIELDS;
    const kept = this.#slots;
    if (kept[slot] > number || number < 0) return;
    if (kept[slot] < number) kept.set([number, value, at, value, at], slot);
    if (value < kept[slot + 1]) kept.set([value, at], slot + 1);
    if (value > kept[slot + 3]) kept.set([value, at], slot + 3);
  }

  // A pause is not what is usual.
  #learn(at) {
    const gap = at - this.#before;
    this.#before = at;
    if (!(gap > 0)) return;
    if (this.#usualMs === 0) this.#usualMs = gap;
    else this.#usualMs += LEARN * (Math.min(gap, OUTLIER * this.#usualMs) - this.#usualMs);
  }
}
