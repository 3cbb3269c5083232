// The last values of each MQTT topic or sensor, on a card with a line for what they were before.
import { element } from '../page/dom.js';
import { formatAge } from '../page/language.js';
import { draw, spark } from './spark.js';

const SOURCES_MAX = 200;
const VALUES_MAX = 8;
const HISTORY_MAX = 40;

/** Members that tell when, not how much. */
export const TIMES = new Set(['t', 'ts', 'time', 'timestamp']);

/** At most 200 of them; a new one takes the place of the one not heard of for longest. */
export class Sources {
  /** sources that had to make room */
  left = 0;
  #place;
  #sources = new Map();

  /** @param {HTMLElement} place */
  constructor(place) {
    this.#place = place;
  }

  get size() {
    return this.#sources.size;
  }

  /** MQTT topics among them. */
  topics() {
    return [...this.#sources.values()].filter((source) => source.isTopic).map((source) => source.name);
  }

  take(record) {
    const name = String(record._topic ?? record.sensor_id ?? record.station ?? record.type);
    let source = this.#sources.get(name);
    if (!source) {
      source = { name, isTopic: record._topic !== undefined, values: new Map(), card: null };
      this.#makeRoom();
    }
    this.#sources.delete(name);
    this.#sources.set(name, source); // the last one heard of is last
    source.at = Date.parse(record._ts_src ?? record.timestamp) || Date.now();
    source.fresh = true;
    for (const [key, value] of valuesOf(record)) keep(source.values, key, value);
  }

  show() {
    for (const source of this.#sources.values()) {
      source.card ??= this.#newCard(source);
      if (source.fresh) showValues(source);
      source.fresh = false;
      source.card.age.textContent = formatAge(Date.now() - source.at);
    }
  }

  clear() {
    this.#sources.clear();
    this.#place.replaceChildren();
    this.left = 0;
  }

  #makeRoom() {
    if (this.#sources.size < SOURCES_MAX) return;
    const [oldest] = this.#sources.values();
    oldest.card?.element.remove();
    this.#sources.delete(oldest.name);
    this.left++;
  }

  // In alphabetical order, so that they stay where they are.
  #newCard(source) {
    const topic = element('span', 'topic', source.name);
    topic.title = source.name;
    const card = { element: element('article', 'value-card'), age: element('small', 'age'), rows: new Map() };
    const head = element('header');
    head.append(topic, card.age);
    card.element.append(head);
    card.element.dataset.name = source.name;
    const next = [...this.#place.children].find((other) => other.dataset.name > source.name);
    this.#place.insertBefore(card.element, next ?? null);
    return card;
  }
}

// Numbers, also one level down; texts only where there is no number.
function valuesOf(record) {
  const members = Object.entries(record).flatMap(([key, value]) =>
    isObject(value) ? Object.entries(value).map(([inner, one]) => [`${key}.${inner}`, one]) : [[key, value]],
  );
  const own = members.filter(([key]) => !key.startsWith('_') && !TIMES.has(key));
  const numbers = own.filter(([, value]) => Number.isFinite(value));
  const others = own.filter(([key, value]) => key !== 'type' && (typeof value === 'string' || typeof value === 'boolean'));
  return (numbers.length > 0 ? numbers : others).slice(0, VALUES_MAX);
}

function keep(values, key, value) {
  const known = values.get(key) ?? { history: [] };
  if (!values.has(key) && values.size >= VALUES_MAX) return;
  known.last = value;
  if (typeof value === 'number') known.history.push(value);
  if (known.history.length > HISTORY_MAX) known.history.shift();
  values.set(key, known);
}

function showValues({ values, card }) {
  for (const [key, { last, history }] of values) {
    if (!card.rows.has(key)) {
      const row = { value: element('b'), line: spark() };
      const line = element('div', 'value');
      line.append(element('span', '', key), row.value, row.line);
      card.element.append(line);
      card.rows.set(key, row);
    }
    const row = card.rows.get(key);
    row.value.textContent = String(last).slice(0, 60);
    if (history.length > 1) draw(row.line, history);
  }
}

function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
