// What was before the page was opened: read from the journal, as much of it as fills the charts. A
// short time is read whole; of a long one samples, spread evenly, so that it is there within a second
// or two however much is stored.
import { timeOf } from './measured.js';

const PAGE = 1000; // records
const RECORDS_MAX = 5000;
const BYTES_MAX = 2_000_000; // about, as JSON; a tenth of it when it is compressed
const TIME_MS_MAX = 4000;
const AT_ONCE = 4;
const PROBES_MAX = 12;
const SAMPLE_MIN = 60;
const SAMPLE_MAX = 400;

/**
 * @typedef {object} Wish
 * @property {number} from milliseconds; -Infinity: all that is held
 * @property {string} topic
 * @property {(record: any) => void} take gets the records, in no order
 * @property {number} sources how many there are: a sample has to have some of each
 * @property {AbortSignal} signal
 *
 * @param {(parameters: Record<string, string | number>) => Promise<any>} ask of /api/records
 * @param {Wish} wish
 * @returns {Promise<{from: number, whole: boolean}>} since when, and whether nothing is left out
 */
export async function readHistory(ask, wish) {
  const deadline = Date.now() + TIME_MS_MAX;
  const newest = await ask({ limit: PAGE, topic: wish.topic });
  newest.records.forEach(wish.take);
  const [first] = newest.records;
  if (!first || !(timeOf(first) > wish.from)) return { from: wish.from, whole: true };
  const begin = await beginning(ask, wish.from, { offset: first._offset, at: timeOf(first) });
  const windows = windowsOf(begin.offset, first._offset, budget(newest.records), wish);
  const left = await readAll(ask, windows, wish, () => wish.signal.aborted || Date.now() > deadline);
  return { from: Math.max(begin.at, wish.from), whole: windows.whole && !left };
}

function budget(records) {
  const some = records.slice(-20);
  const bytes = JSON.stringify(some).length / some.length;
  return Math.max(SAMPLE_MIN, Math.min(RECORDS_MAX, Math.floor(BYTES_MAX / bytes)));
}

// The offset at which a time begins: times go up with offsets, nearly, so it is searched like a name in a telephone book.
async function beginning(ask, from, high) {
  let low = await probe(ask, 1);
  let { offset, at } = high;
  for (let probes = 0; probes < PROBES_MAX && low.at < from && offset - low.offset > PAGE / 4; probes++) {
    const share = probes % 3 === 2 ? 0.5 : (from - low.at) / (at - low.at);
    const guess = Math.floor(low.offset + Math.min(0.97, Math.max(0.03, share)) * (offset - low.offset));
    const found = await probe(ask, guess);
    if (found.at <= from && found.offset > low.offset) low = found;
    else if (found.offset < offset) ({ offset, at } = found);
    else break;
  }
  return low;
}

async function probe(ask, since) {
  const { records, next } = await ask({ since, limit: 1 });
  return { offset: records[0]?._offset ?? next, at: records.length > 0 ? timeOf(records[0]) : NaN };
}

// Whole pages, the newest first; or samples in an order in which they are spread evenly wherever it ends.
function windowsOf(from, to, most, { sources }) {
  const whole = to - from <= most;
  const size = whole ? PAGE : Math.min(SAMPLE_MAX, Math.max(SAMPLE_MIN, 3 * sources));
  const count = Math.ceil(whole ? (to - from) / size : most / size);
  const step = (to - from) / count;
  const starts = Array.from({ length: count }, (_, i) => Math.floor(from + i * step));
  const windows = starts.map((since, i) => ({ since, limit: Math.min(size, (starts[i + 1] ?? to) - since), to: whole ? (starts[i + 1] ?? to) : 0 }));
  if (whole) windows.reverse();
  else windows.sort((a, b) => spread(a.since - from, step) - spread(b.since - from, step));
  return Object.assign(windows, { whole });
}

// The bits of its number, the other way round.
function spread(distance, step) {
  let number = Math.round(distance / step);
  let turned = 0;
  for (let bit = 0; bit < 16; bit++, number >>= 1) turned = turned * 2 + (number & 1);
  return turned;
}

/** True if something is left. */
async function readAll(ask, windows, { topic, take }, over) {
  const queue = [...windows];
  const readers = Array.from({ length: AT_ONCE }, async () => {
    while (queue.length > 0 && !over()) {
      const { since, limit, to } = queue.shift();
      const { records, next } = await ask({ since, limit, topic });
      if (over()) return;
      records.forEach(take);
      if (records.length > 0 && next < to) queue.unshift({ since: next, limit, to }); // an answer has its limit of bytes
    }
  });
  await Promise.all(readers);
  return queue.length > 0;
}
