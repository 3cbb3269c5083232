// What the members of a record say, each taken with care: anybody may have written them.

const TEXT_MAX = 120;
const DAY_MS = 86_400_000;

/** The quantities of indoor air: label within `values`, member, unit, digits behind the point. */
export const QUANTITIES = [
  { label: 'CO2', member: 'co2', unit: 'ppm', digits: 0 },
  { label: 'PM25', member: 'pm25', unit: 'µg/m³', digits: 1 },
  { label: 'TVOC', member: 'tvoc', unit: 'mg/m³', digits: 2 },
  { label: 'Temperature', member: 'temperature', unit: '°C', digits: 1 },
  { label: 'Humidity', member: 'humidity', unit: '%', digits: 0 },
];

/** A text of at most so many characters; '' for what is no text and no number. */
export function textOf(value, max = TEXT_MAX) {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return '';
  return value.length > max ? `${value.slice(0, max - 1)}…` : value;
}

/** A finite number, or null. */
export function numberOf(value) {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** An object, or an empty one. */
export function objectOf(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

/** The moment of an ISO-8601 text, or of seconds or milliseconds since 1970; null if it is none. */
export function momentOf(value, now = Date.now()) {
  let ms = typeof value === 'string' ? Date.parse(value) : numberOf(value);
  if (ms !== null && typeof value === 'number' && Math.abs(ms) < 1e11) ms *= 1000;
  return Number.isFinite(ms) && Math.abs(ms) < 8e15 && ms < now + DAY_MS ? ms : null;
}

/** When it was: its `timestamp`, else when it came to the edge, else now. */
export function timeOf(record, now = Date.now()) {
  return momentOf(record.timestamp, now) ?? momentOf(record._ts_src, now) ?? now;
}

/** Its type as it stands in the record. */
export const typeOf = (record) => textOf(record.type, 80) || 'measurement';

/** Its offset; endless for a record of another host, which has none and is always the newest. */
export const offsetOf = (record) => (Number.isSafeInteger(record._offset) ? record._offset : Infinity);

/** The numbers of indoor air in it by label, from `values` or else beside it. */
export function readingsOf(record) {
  const values = objectOf(record.values);
  const readings = {};
  for (const { label, member } of QUANTITIES) {
    const value = numberOf(values[label]) ?? numberOf(record[member]);
    if (value !== null) readings[label] = value;
  }
  return readings;
}
