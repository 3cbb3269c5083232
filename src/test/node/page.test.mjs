// What the live page makes of records, without a browser. Runs with: node --test src/test/node/page.test.mjs
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readHistory } from '../../main/resources/webroot/live/history.js';
import { measured, timeOf } from '../../main/resources/webroot/live/measured.js';
import { Sensors } from '../../main/resources/webroot/live/sensors.js';
import { Series } from '../../main/resources/webroot/live/series.js';
import { TEXTS } from '../../main/resources/webroot/live/texts.js';

const values = (record) => Object.fromEntries(measured(record).values.map(({ quantity, value, unit }) => [quantity.id, [value, unit]]));

describe('A record', () => {
  it('of indoor air has each quantity once', () => {
    const record = { values: { CO2: 645, TVOC: 0.2 }, co2: 645, tvoc: 0.2, temp: 22, global_score: 85, sensor_id: 'b1', salle: 'Bureau', enseigne: 'Maison' };
    assert.deepEqual(values(record), { co2: [645, 'ppm'], tvoc: [0.2, 'mg/m³'], temperature: [22, '°C'], global_score: [85, '/100'] });
    const { sensor, title, place } = measured(record);
    assert.deepEqual([sensor, title, place], ['b1', 'Bureau', 'Maison · b1']);
  });

  it('on a topic that ends in a quantity belongs to the sensor above', () => {
    const at = (kind, more) => ({ station: 's1', kind, _topic: `pws/s1/${kind}`, ...more });
    assert.equal(measured(at('wind', { speed: 3 })).sensor, 'pws/s1');
    assert.deepEqual(values(at('wind', { speed: 3, units: { speed: 'm/s' }, direction: 217 })), { wind_speed: [3, 'm/s'], wind_direction: [217, '°'] });
    assert.deepEqual(values({ _topic: 'home/hall/co2', value: 645 }), { co2: [645, 'ppm'] });
    assert.equal(measured({ _topic: 'test/attic', temperature: 21 }).sensor, 'test/attic');
  });

  it('has a unit only where that is certain', () => {
    assert.deepEqual(values({ tvoc: 120 }).tvoc, [120, '']);
    assert.deepEqual(values({ tvoc: 120, tvoc_unit: 'ppb' }).tvoc, [120, 'ppb']);
    assert.deepEqual(values({ wind: 7 }).wind_speed, [7, '']);
    assert.deepEqual(values({ wind_speed_kmh: 7 }).wind_speed, [7, 'km/h']);
    assert.deepEqual(values({ wind_speed_ms: 7 }).wind_speed, [7, 'm/s']);
    assert.deepEqual(values({ latency_ms: 7 }).latency, [7, 'ms']);
    assert.deepEqual(values({ temperature_f: 90 }).temperature, [90, '°F']);
    assert.deepEqual(values({ pressure: 1013 }).pressure, [1013, 'hPa']);
    assert.deepEqual(values({ pressure: 29.9 }).pressure, [29.9, undefined]);
    assert.deepEqual(values({ humidity: 0.45 }).humidity, [0.45, undefined]);
    assert.deepEqual(values({ level: 3, unit: 'bar' }).level, [3, 'bar']);
    assert.deepEqual(values({ level: 3, flow: 2, unit: 'bar' }).level, [3, '']);
    assert.equal(values({ x: 3, unit: 'long '.repeat(50) }).x[1].length, 16);
  });

  it('that is no measurement, or has no value, is none', () => {
    for (const type of ['alert', 'action', 'module', 'prediction', 'predictions', 'tour.availability.low']) {
      assert.equal(measured({ type, value: 1, values: { CO2: 900 }, global_score: 3 }), null, type);
    }
    assert.equal(measured({ _topic: 'a/b', t: 1, timestamp: 2, _offset: 3, sensor_id: 4, lat: 5 }), null);
  });

  it('has its time from the edge, else from itself', () => {
    assert.equal(timeOf({ _ts_src: '2026-11-21T12:00:00.000Z', timestamp: 1 }), Date.UTC(2026, 10, 21, 12));
    assert.equal(timeOf({ timestamp: 1_795_262_965 }), 1_795_262_965_000);
    assert.ok(Number.isNaN(timeOf({ co2: 1 })));
  });
});

describe('A series', () => {
  const T = 1_800_000_000_000;

  it('keeps a spike however many values there are, and no more than it has room for', () => {
    const series = new Series(60_000, 60);
    for (let i = 0; i < 60_000; i++) series.add(T + i, i === 31_234 ? 99 : 20 + Math.sin(i) / 10);
    const points = series.points(T);
    assert.ok(points.length <= 2 * 63, String(points.length));
    assert.deepEqual(points.find(({ y }) => y === 99), { x: T + 31_234, y: 99 });
    assert.ok(points.every(({ x }, i) => i === 0 || x > points[i - 1].x));
  });

  it('takes what comes late or twice where it belongs', () => {
    const inOrder = new Series(60_000, 60);
    const mixed = new Series(60_000, 60);
    const all = Array.from({ length: 300 }, (_, i) => [T + i * 200, (i * 7919) % 101]);
    all.forEach(([at, value]) => inOrder.add(at, value));
    for (const [at, value] of [...all.slice(150), ...all.slice(0, 200)]) mixed.add(at, value);
    assert.deepEqual(mixed.points(T), inOrder.points(T));
    assert.equal(mixed.last, all.at(-1)[1]);
  });

  it('goes over to another time, and forgets what is past', () => {
    const series = new Series(60_000, 60);
    for (let i = 0; i < 600; i++) series.add(T + i * 100, i);
    series.resize(600_000, 60);
    assert.deepEqual([series.points(T).at(0).y, series.points(T).at(-1).y], [0, 599]);
    series.add(T + 10_000_000, 1);
    for (let i = 0; i < 60; i++) series.add(T + 10_000_000 + i * 10_000, 1);
    assert.ok(series.points(T).length <= 62);
  });

  it('learns after what time it is stale, within bounds', () => {
    const every = (ms, count = 50) => {
      const series = new Series(60_000, 60);
      for (let i = 0; i < count; i++) series.add(T + i * ms, 1);
      return series.staleAfterMs;
    };
    assert.equal(every(10), 10_000);
    assert.equal(every(60_000), 240_000);
    assert.equal(every(86_400_000), 3_600_000);
    assert.equal(every(1, 1), 300_000);
  });

  it('shows a pause as a pause', () => {
    const series = new Series(60_000, 60);
    for (const at of [0, 1000, 2000, 40_000]) series.add(T + at, 1);
    assert.deepEqual(series.points(T, 20_000).map(({ y }) => y), [1, 1, 1, NaN, 1]);
  });
});

describe('The sensors', () => {
  it('are at most 200 with twelve quantities each; others are counted, and a silent one gives way', () => {
    const sensors = new Sensors(60_000, 10);
    for (let i = 0; i < 250; i++) sensors.take({ _topic: `t/${i}`, n: i }, 1000);
    sensors.take(Object.fromEntries([['_topic', 't/1'], ...Array.from({ length: 40 }, (_, i) => [`v${i}`, i])]), 1000);
    assert.deepEqual([sensors.all.size, sensors.left.size, sensors.all.get('t/1').channels.size], [200, 50, 12]);
    sensors.take({ _topic: 't/new', n: 1 }, 3_000_000);
    assert.deepEqual([sensors.all.size, sensors.all.has('t/new'), sensors.left.size], [200, true, 50]);
  });

  it('lose a unit for good when a value contradicts it', () => {
    const sensors = new Sensors(60_000, 10);
    for (const humidity of [45, 0.5, 46]) sensors.take({ _topic: 'a', humidity }, 1000);
    assert.equal(sensors.all.get('a').channels.get('humidity').unit, null);
  });
});

describe('History', () => {
  const T = 1_800_000_000_000;

  function journal(count, everyMs) {
    const record = (offset) => ({ _offset: offset, n: offset, _ts_src: new Date(T - (count - offset) * everyMs).toISOString() });
    const asked = { requests: 0, records: 0 };
    const ask = async ({ since, limit }) => {
      const from = since ?? Math.max(1, count + 1 - limit);
      const to = Math.min(count + 1, from + limit);
      const records = Array.from({ length: Math.max(0, to - from) }, (_, i) => record(from + i));
      asked.requests++;
      asked.records += records.length;
      return { records, next: to, end: count + 1 };
    };
    return { ask, asked };
  }

  async function read(count, everyMs, from) {
    const { ask, asked } = journal(count, everyMs);
    const seen = new Set();
    const take = ({ n }) => seen.add(n);
    const answer = await readHistory(ask, { from, topic: 'all', take, sources: 20, signal: new AbortController().signal });
    return { ...answer, ...asked, seen };
  }

  it('of a short time is whole', async () => {
    const { seen, whole, records } = await read(100_000, 100, T - 300_000);
    assert.equal(whole, true);
    for (let n = 97_000; n <= 100_000; n++) assert.ok(seen.has(n), String(n));
    assert.ok(records < 4600, String(records));
  });

  it('of a long time is samples, evenly spread and bounded', async () => {
    const { seen, whole, requests, records } = await read(10_000_000, 1, T - 3_600_000);
    assert.equal(whole, false);
    assert.ok(records <= 6500 && requests < 120, `${records} in ${requests}`);
    const sorted = [...seen].sort((a, b) => a - b).filter((n) => n > 6_300_000);
    const gaps = sorted.slice(1).map((n, i) => n - sorted[i]);
    assert.ok(Math.max(...gaps) < 80_000, String(Math.max(...gaps)));
    assert.ok(sorted[0] < 6_500_000, String(sorted[0]));
  });

  it('of an empty or short journal is what there is', async () => {
    assert.deepEqual((await read(0, 100, -Infinity)).seen.size, 0);
    assert.deepEqual((await read(20, 100, T - 300_000)).seen.size, 20);
    assert.deepEqual((await read(3000, 100, T - 3_600_000)).seen.size, 3000);
  });
});

describe('The texts', () => {
  it('are the same in English and French', () => {
    assert.deepEqual(Object.keys(TEXTS.fr), Object.keys(TEXTS.en));
    const places = (text) => [...text.matchAll(/\{\w+}/g)].map(([place]) => place).sort();
    for (const key of Object.keys(TEXTS.en)) assert.deepEqual(places(TEXTS.fr[key]), places(TEXTS.en[key]), key);
  });
});
