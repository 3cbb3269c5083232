// Every sensor that was heard of, and a series for each of its quantities. Bounded: those that find
// no room are counted, and said to be left out.
import { measured } from './measured.js';
import { Series } from './series.js';

const SENSORS_MAX = 200;
const QUANTITIES_MAX = 12; // of one sensor
const LEFT_MAX = 1000;
const FORGET_AFTER_MS = 600_000;

/**
 * @typedef {object} Channel one quantity of one sensor
 * @property {Series} series
 * @property {import('./quantities.js').Quantity} quantity
 * @property {string} unit
 * @property {string | null} topic
 * @property {Sensor} sensor
 *
 * @typedef {object} Sensor
 * @property {string} key
 * @property {string} title
 * @property {string} place
 * @property {Map<string, Channel>} channels
 */

export class Sensors {
  /** @type {Map<string, Sensor>} */
  all = new Map();
  /** Sensors there was no room for, as far as they are remembered. @type {Set<string>} */
  left = new Set();
  /** The earliest time of all, in milliseconds. */
  first = Infinity;
  #topics = new Set();
  #spanMs;
  #buckets;

  constructor(spanMs, buckets) {
    this.#spanMs = spanMs;
    this.#buckets = buckets;
  }

  /** MQTT topics that they publish on. */
  get topics() {
    return [...this.#topics];
  }

  /**
   * @param {any} record what is no measurement is passed over
   * @param {number} at milliseconds
   */
  take(record, at) {
    const found = measured(record);
    const sensor = found && this.#sensor(found, at);
    if (!sensor) return;
    this.first = Math.min(this.first, at);
    if (found.topic !== null && this.#topics.size < SENSORS_MAX) this.#topics.add(found.topic);
    for (const { quantity, value, unit } of found.values) {
      const channel = this.#channel(sensor, quantity);
      if (!channel) continue;
      channel.topic = found.topic;
      if (unit === undefined) channel.unit = null; // not what its name promised, and never again
      else if (channel.unit !== null) channel.unit = unit;
      channel.series.add(at, value);
    }
  }

  /** Another time to be shown. */
  resize(spanMs, buckets) {
    this.#spanMs = spanMs;
    this.#buckets = buckets;
    for (const { channels } of this.all.values()) {
      for (const { series } of channels.values()) series.resize(spanMs, buckets);
    }
  }

  clear() {
    this.all.clear();
    this.first = Infinity;
    this.left.clear();
    this.#topics.clear();
  }

  #sensor({ sensor: key, title, place }, at) {
    const known = this.all.get(key);
    if (known) return known;
    if (this.all.size >= SENSORS_MAX && !this.#makeRoom(at)) {
      if (this.left.size < LEFT_MAX) this.left.add(key);
      return null;
    }
    const sensor = { key, title, place, channels: new Map() };
    this.all.set(key, sensor);
    this.left.delete(key);
    return sensor;
  }

  // Only one that has been silent for long gives way: cards that come and go help nobody.
  #makeRoom(at) {
    for (const [key, { channels }] of this.all) {
      if ([...channels.values()].every(({ series }) => at - series.at > FORGET_AFTER_MS)) return this.all.delete(key);
    }
    return false;
  }

  #channel(sensor, quantity) {
    let channel = sensor.channels.get(quantity.id);
    if (!channel && sensor.channels.size < QUANTITIES_MAX) {
      const series = new Series(this.#spanMs, this.#buckets);
      channel = { series, quantity, unit: '', topic: null, sensor };
      sensor.channels.set(quantity.id, channel);
    }
    return channel;
  }
}
