// What a record says was measured, where and when; null for what is no measurement: alerts, events,
// predictions and the like are records, too, and no charts.
import { isQuantity, quantityOf, unitOf } from './quantities.js';

const DERIVED = /^(predictions?|actions?|alerts?|modules?)$/;

/** Members that tell when, not how much. */
export const TIMES = new Set(['t', 'ts', 'at', 'time', 'timestamp', 'date', 'epoch']);

/** Members that tell which sensor it is, or where. */
const NAMES = new Set([
  'type', 'kind', 'id', 'sensor', 'sensor_id', 'station', 'device', 'name', 'enseigne', 'salle', 'site', 'room', 'unit', 'units', 'seq',
  'lat', 'lon', 'lng', 'latitude', 'longitude',
]);

/** Members and topic levels that say nothing in particular. */
const GENERIC = new Set(['values', 'data', 'state', 'sensor', 'measurement', 'measurements', 'telemetry', 'readings', 'fields', 'value']);

const VALUES_MAX = 12;
const TEXT_MAX = 120;

/**
 * @typedef {object} Measured
 * @property {string} sensor what tells it from others
 * @property {string} title its name for people
 * @property {string} place where it is, or how else it is called; may be ''
 * @property {string | null} topic MQTT topic
 * @property {{quantity: import('./quantities.js').Quantity, value: number | string, unit?: string}[]} values
 *
 * @param {Record<string, any>} record
 * @returns {Measured | null}
 */
export function measured(record) {
  if (!isMeasurement(record.type)) return null;
  const topic = typeof record._topic === 'string' ? record._topic : null;
  const last = topic === null ? '' : topic.slice(topic.lastIndexOf('/') + 1);
  const tells = last !== topic && last !== '' && (isQuantity(last) || GENERIC.has(last) || last === record.kind);
  const kind = tells && !GENERIC.has(last) ? last : '';
  const values = valuesOf(record, kind);
  if (values.length === 0) return null;
  const stem = tells ? topic.slice(0, -last.length - 1) : topic;
  return { ...namesOf(record, stem), topic, values };
}

function isMeasurement(type) {
  if (typeof type !== 'string' || type === 'measurement') return true;
  return !DERIVED.test(type) && !type.includes('.'); // with a dot it is an event
}

function namesOf(record, stem) {
  const id = text(record.sensor_id);
  const station = text(record.station) ?? text(record.device);
  const sensor = id ?? stem ?? station ?? text(record.salle) ?? text(record.type) ?? '–';
  const title = text(record.salle) ?? station ?? text(record.name) ?? sensor;
  const place = [text(record.enseigne) ?? text(record.site), title === sensor ? null : sensor].filter(Boolean).join(' · ');
  return { sensor, title, place };
}

// The same quantity under two names, as in `values` and beside it, is one; the first one counts.
function valuesOf(record, kind) {
  const found = new Map();
  const texts = [];
  const members = flat(record);
  const numbers = members.reduce((count, [, value]) => count + Number(Number.isFinite(value)), 0);
  for (const [name, value] of members) {
    if (Number.isFinite(value)) {
      const quantity = quantityOf(name, kind);
      if (found.size >= VALUES_MAX || found.has(quantity.id)) continue;
      found.set(quantity.id, { quantity, value, unit: unitOf(quantity, name, value, record, numbers === 1) });
    } else if (numbers === 0 && (typeof value === 'string' || typeof value === 'boolean') && texts.length < VALUES_MAX) {
      texts.push({ quantity: quantityOf(name, kind), value: String(value).slice(0, TEXT_MAX), unit: '' });
    }
  }
  return found.size > 0 ? [...found.values()] : texts;
}

// Members and those one level down; `values` first, as it counts more.
function flat(record) {
  const members = [];
  for (const [key, value] of Object.entries(record)) {
    if (key.startsWith('_') || TIMES.has(key) || NAMES.has(key) || key.endsWith('_id') || key.endsWith('_unit')) continue;
    if (value === null || typeof value !== 'object') members.push([key, value]);
    else if (key === 'values') members.unshift(...inner('', value));
    else if (!Array.isArray(value)) members.push(...inner(GENERIC.has(key) ? '' : `${key}.`, value));
  }
  return members;
}

function inner(prefix, object) {
  return Object.entries(object)
    .filter(([name]) => !TIMES.has(name) && !NAMES.has(name))
    .map(([name, value]) => [prefix + name, value]);
}

function text(value) {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.slice(0, TEXT_MAX) : null;
}

/**
 * When a record came to the edge, else when it was measured, in milliseconds; NaN if it does not say. One that came
 * by no edge has no `_id`, and in `_ts_src` only when it came to the server: it may be a record of long ago.
 * @param {Record<string, any>} record
 */
export function timeOf(record) {
  const measured = millisecondsOf(record.timestamp ?? record.t);
  const came = millisecondsOf(record._ts_src);
  const [first, second] = record._id === undefined ? [measured, came] : [came, measured];
  return Number.isNaN(first) ? second : first;
}

function millisecondsOf(told) {
  if (typeof told === 'string') return Date.parse(told);
  if (!Number.isFinite(told) || told < 1e9) return NaN;
  return told < 1e11 ? told * 1000 : told; // seconds, or milliseconds
}
