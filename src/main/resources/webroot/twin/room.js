// What is known of one room. Records may come in any order and twice: the higher offset counts.
import { momentOf, numberOf, objectOf, offsetOf, readingsOf, textOf, timeOf } from '../page/records.js';

const PARTS_MAX = 40; // of each kind
const STALE_FACTOR = 3;
const STALE_LEAST_MS = 180_000;
const STALE_UNKNOWN_MS = 900_000;
const GAPS = 5;

/** From which score on it is good, and fair: 75 is where the guidelines are just kept (docs/iaq.md). */
export const BANDS = { good: 75, fair: 50, poor: 0 };

/** good, fair or poor; none without a score. */
export function bandOf(score) {
  if (score === null) return 'none';
  return Object.keys(BANDS).find((band) => score >= BANDS[band]) ?? 'poor';
}

export class Room {
  values = new Map();
  predictions = new Map();
  predictedScore = null;
  measuredAt = null;
  #scores = new Map();
  #alerts = new Map();
  #actions = new Map();
  #modules = new Map();
  #gaps = [];

  constructor({ key, site, name, query }) {
    Object.assign(this, { key, site, name, query });
  }

  take(record) {
    const kind = String(record.type ?? 'measurement').replace(/s$/, '');
    if (kind === 'measurement') this.#measured(record);
    else if (kind === 'prediction') this.#predicted(record);
    else if (kind === 'alert') put(this.#alerts, alertId(record), offsetOf(record), alertOf(record));
    else if (kind === 'action') put(this.#actions, alertId(record), offsetOf(record), actionOf(record));
    else if (kind === 'module') {
      put(this.#modules, textOf(record.sensor_id), offsetOf(record), { stale: record.state === 'stale' });
    }
  }

  #measured(record) {
    const offset = offsetOf(record);
    const at = timeOf(record);
    const readings = readingsOf(record);
    const labels = Object.keys(readings);
    for (const label of labels) put(this.values, label, offset, { value: readings[label], at });
    const score = numberOf(record.global_score);
    const sensor = textOf(record.sensor_id);
    if (score !== null) {
      const shown = Math.round(Math.min(100, Math.max(0, score)));
      put(this.#scores, JSON.stringify([sensor, ...labels]), offset, { score: shown, at });
    }
    put(this.#modules, sensor, offset, { stale: false });
    if (this.measuredAt !== null && at !== this.measuredAt) {
      this.#gaps.push(Math.abs(at - this.measuredAt));
      if (this.#gaps.length > GAPS) this.#gaps.shift();
    }
    this.measuredAt = Math.max(this.measuredAt ?? at, at);
  }

  #predicted(record) {
    const offset = offsetOf(record);
    const madeAt = timeOf(record);
    const at = momentOf(record.for) ?? madeAt + (numberOf(record.horizon_minutes) ?? 30) * 60_000;
    const values = readingsOf({ values: record.values });
    const low = objectOf(record.low);
    const high = objectOf(record.high);
    for (const [label, value] of Object.entries(values)) {
      const interval = { low: numberOf(low[label]) ?? value, high: numberOf(high[label]) ?? value };
      put(this.predictions, label, offset, { value, ...interval, at, madeAt });
    }
    const score = numberOf(record.global_score);
    if (score !== null && !isOlder(offset, this.predictedScore)) {
      this.predictedScore = { score: Math.round(Math.min(100, Math.max(0, score))), at, offset };
    }
  }

  /** 0 to 100: the worst of its sensors that still measure, or else of all; null without any. */
  score(now = Date.now()) {
    const all = [...this.#scores.values()];
    const fresh = all.filter(({ at }) => now - at <= this.#staleAfterMs());
    const scores = (fresh.length > 0 ? fresh : all).map(({ score }) => score);
    return scores.length > 0 ? Math.min(...scores) : null;
  }

  /** What it will be, while that is still to come. */
  outlook(now = Date.now()) {
    return this.predictedScore && this.predictedScore.at > now ? this.predictedScore : null;
  }

  /** Nothing has come for long, as the server says, or as its own rhythm lets expect. */
  isStale(now = Date.now()) {
    const modules = [...this.#modules.values()];
    if (modules.length > 0 && modules.every(({ stale }) => stale)) return true;
    return this.measuredAt === null || now - this.measuredAt > this.#staleAfterMs();
  }

  #staleAfterMs() {
    if (this.#gaps.length === 0) return STALE_UNKNOWN_MS;
    return Math.max(STALE_LEAST_MS, STALE_FACTOR * Math.max(...this.#gaps));
  }

  /** Alerts that are not over, the gravest and newest first, each with what to do. */
  alerts() {
    return [...this.#alerts.entries()]
      .filter(([, { over }]) => !over)
      .map(([id, alert]) => ({ id, ...alert, action: this.#actions.get(id) }))
      .sort((a, b) => Number(b.critical) - Number(a.critical) || (b.since ?? 0) - (a.since ?? 0));
  }
}

const alertId = (record) => textOf(record.alert_id, 200) || textOf(record._id, 200);

function alertOf(record) {
  return {
    over: record.state === 'over',
    critical: record.level === 'critical',
    quantity: textOf(record.quantity, 40),
    direction: record.direction === 'low' ? 'low' : 'high',
    value: numberOf(record.value),
    threshold: numberOf(record.threshold),
    unit: textOf(record.unit, 20),
    since: momentOf(record.since) ?? timeOf(record),
  };
}

function actionOf(record) {
  const text = objectOf(record.text);
  return { action: textOf(record.action, 40), en: textOf(text.en, 300), fr: textOf(text.fr, 300) };
}

// The newest; when there are too many, the one that was put first goes.
function put(map, key, offset, value) {
  if (isOlder(offset, map.get(key))) return;
  map.delete(key);
  map.set(key, { ...value, offset });
  if (map.size > PARTS_MAX) map.delete(map.keys().next().value);
}

// What has no offset is taken as it comes.
function isOlder(offset, known) {
  return known != null && Number.isFinite(known.offset) && offset < known.offset;
}
