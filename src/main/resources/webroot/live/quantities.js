// What is measured: the names that a quantity has in records, and its unit where that is certain.
// No unit is better than a wrong one.

/**
 * Those that are well known, in the order in which they are shown. A unit holds within its bounds
 * only: a humidity of 0.4 is no percentage, a pressure of 29.9 is not in hPa. `span` is the least
 * that a chart is high, so that noise does not look like news.
 */
const CATALOG = [
  { id: 'global_score', unit: '/100', least: 0, most: 100, span: 10 },
  { id: 'temperature', unit: '°C', least: -60, most: 85, span: 1, names: ['temp', 'temperature_c', 'temp_c'] },
  { id: 'humidity', unit: '%', least: 1, most: 100, span: 4, names: ['hum', 'rh', 'relative_humidity'] },
  { id: 'co2', unit: 'ppm', least: 100, most: 40_000, span: 60, names: ['eco2', 'carbon_dioxide'] },
  { id: 'pm1', unit: 'µg/m³', least: 0, most: 2000, span: 4, names: ['pm1_0', 'pm1.0'] },
  { id: 'pm25', unit: 'µg/m³', least: 0, most: 2000, span: 4, names: ['pm2_5', 'pm2.5', 'pm2-5', 'pm_2_5'] },
  { id: 'pm10', unit: 'µg/m³', least: 0, most: 5000, span: 4 },
  { id: 'tvoc', span: 0.1, names: ['voc'] }, // ppb, µg/m³ or mg/m³: see SCORED
  { id: 'pressure', unit: 'hPa', least: 850, most: 1100, span: 2, names: ['barometer'] },
  { id: 'wind_speed', span: 1, names: ['windspeed', 'wind'] },
  { id: 'wind_gust', span: 1, names: ['windgust', 'gust'] },
  { id: 'wind_direction', unit: '°', least: 0, most: 360, span: 20, names: ['winddir', 'wind_dir'] },
  { id: 'rain_rate', span: 1, names: ['rainrate'] },
  { id: 'rain_total', span: 0.2, names: ['rain', 'rainfall', 'precipitation'] },
  { id: 'illuminance', unit: 'lx', least: 0, most: 200_000, names: ['lux'] },
  { id: 'rssi', unit: 'dBm', least: -150, most: 0, span: 5 },
];

/** Units of the server's own reading of indoor air, in records that it has given a score. */
const SCORED = new Map([['tvoc', 'mg/m³']]);

/** Units at the end of a name. What may mean two things is left out, as `_min` or `_g`. */
const ENDINGS = new Map(
  Object.entries({
    c: '°C', celsius: '°C', f: '°F', fahrenheit: '°F', hpa: 'hPa', mbar: 'mbar', kpa: 'kPa', pa: 'Pa', ppm: 'ppm', ppb: 'ppb',
    ugm3: 'µg/m³', mgm3: 'mg/m³', pct: '%', percent: '%', mps: 'm/s', kmh: 'km/h', kph: 'km/h', mph: 'mph', kn: 'kn',
    mm: 'mm', cm: 'cm', km: 'km', v: 'V', mv: 'mV', ma: 'mA', w: 'W', kw: 'kW', wh: 'Wh', kwh: 'kWh', hz: 'Hz', db: 'dB',
    dbm: 'dBm', lux: 'lx', lx: 'lx', deg: '°', rpm: 'rpm', kg: 'kg',
  }),
);

const NAME_MAX = 60;
const UNIT_MAX = 16;
const REMEMBERED_MAX = 2000;
const BY_NAME = new Map(
  CATALOG.flatMap((one, order) => [one.id, ...(one.names ?? [])].map((name) => [name, { ...one, known: true, order }])),
);
/** @type {Map<string, Quantity>} */
const remembered = new Map();

/**
 * @typedef {object} Quantity
 * @property {string} id the same for all names of one quantity
 * @property {boolean} known it has a text of its own, `q_` and its id
 * @property {number} order where it is shown
 * @property {string} [unit]
 * @property {number} [least] below this, that is not its unit
 * @property {number} [most]
 * @property {number} [span]
 */

/**
 * The quantity of a member. A topic such as `…/wind` says of what its `speed` is.
 * @param {string} name
 * @param {string} [kind] last level of the topic, if that tells
 * @returns {Quantity}
 */
export function quantityOf(name, kind = '') {
  const asked = `${kind}/${name}`.slice(0, 2 * NAME_MAX);
  let found = remembered.get(asked);
  if (!found) {
    found = find(name.slice(0, NAME_MAX), kind.slice(0, NAME_MAX));
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(asked, found);
  }
  return found;
}

function find(name, kind) {
  const lower = name.toLowerCase();
  const own = BY_NAME.get(lower);
  if (kind && (lower === 'value' || lower === 'state' || lower === kind.toLowerCase())) return find(kind, '');
  const ofKind = kind && BY_NAME.get(`${kind.toLowerCase()}_${lower}`);
  if (ofKind || own) return ofKind || own;
  const [, stem, ending] = /^(.+)_([a-z0-9]+)$/.exec(lower) ?? [];
  const unit = lower.endsWith('_ms') ? milliseconds(stem) : ENDINGS.get(ending);
  if (unit && BY_NAME.has(stem)) return { ...BY_NAME.get(stem), unit, least: undefined, most: undefined };
  const id = kind ? `${kind} ${name}` : name;
  return { id: unit ? id.slice(0, -ending.length - 1) : id, known: false, order: CATALOG.length, unit };
}

// Of wind they are metres per second.
function milliseconds(stem) {
  return /wind|gust|speed/.test(stem) ? 'm/s' : 'ms';
}

/** Whether a name stands for a quantity: then a topic's last level is not part of the sensor's name. */
export const isQuantity = (name) => BY_NAME.has(name.toLowerCase());

/**
 * The unit of a value: as the record says it, else as the name does; '' where it is not known;
 * undefined when the value cannot have the quantity's usual one.
 * @param {Quantity} quantity
 * @param {string} name the member
 * @param {number} value
 * @param {Record<string, any>} record
 * @param {boolean} alone it is the only number of the record
 */
export function unitOf(quantity, name, value, record, alone) {
  const told = record.units?.[name] ?? record[`${name}_unit`] ?? (alone ? record.unit : undefined);
  if (typeof told === 'string' && told !== '') return told.slice(0, UNIT_MAX);
  if (quantity.unit === undefined) return (Number.isFinite(record.global_score) && SCORED.get(quantity.id)) || '';
  return value < quantity.least || value > quantity.most ? undefined : quantity.unit;
}
