// What was before the page was opened: the newest measurement of each room, open alerts, what to do,
// what is expected. A few questions, each bounded.
import { momentOf, readingsOf } from '../page/records.js';
import { getJson } from '../spillway/polling.js';
import { tokenOfPage } from '../spillway/token.js';
import { placeOf } from './rooms.js';

const SAID_MAX = 1000;
const PREDICTIONS_MAX = 400;
const PAGES = [500, 2000, 2000, 2000, 2000];
const ASKED_MAX = 24; // rooms that have said something, and measured nothing of late
const CHART_POINTS = 1000;

/** The answer of the server to a question; rejects with an HttpError. */
export const ask = (path, query) =>
  getJson(fetch.bind(globalThis), new URL(`${path}?${new URLSearchParams(query)}`, document.baseURI), tokenOfPage());

/** Gives `take` the records that make the state of now. */
export async function lookBack(rooms, take) {
  const said = Promise.all([
    ask('api/records', { topic: 'alerts,actions,modules', limit: SAID_MAX }),
    ask('api/records', { topic: 'predictions', limit: PREDICTIONS_MAX }),
  ]);
  await measured(rooms, take);
  for (const { records } of await said) records.forEach(take);
  await missing(rooms, take);
}

// Back as long as that shows new rooms.
async function measured(rooms, take) {
  let before = null;
  for (const limit of PAGES) {
    const records = await ask('api/iaq/data', before === null ? { limit } : { limit, before });
    const known = rooms.size;
    records.forEach(take);
    before = records[0]?._offset;
    if (records.length < limit || !(before > 1) || (rooms.size === known && known > 0)) return;
  }
}

async function missing(rooms, take) {
  const silent = rooms.all().filter(({ measuredAt }) => measuredAt === null).slice(0, ASKED_MAX);
  for (let i = 0; i < silent.length; i += 4) {
    const some = silent.slice(i, i + 4).map(({ query }) => ask('api/iaq/data', { ...query, limit: 1 }));
    for (const records of await Promise.all(some)) records.forEach(take);
  }
}

/** The measurements of one room, the newest last: {at, readings}. */
export async function measurementsOf(room) {
  const records = await ask('api/iaq/data', { ...room.query, limit: CHART_POINTS });
  return records.filter((record) => placeOf(record)?.key === room.key).map(pointOf).filter(({ at }) => at !== null);
}

/** What a chart takes of a measurement. */
export function pointOf(record) {
  return { at: momentOf(record.timestamp) ?? momentOf(record._ts_src), readings: readingsOf(record), offset: record._offset };
}
