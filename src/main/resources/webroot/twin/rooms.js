// All rooms that records have told of, found by where a record is from.
import { numberOf, textOf } from '../page/records.js';
import { Room } from './room.js';

const ROOMS_MAX = 5000;

/** The rooms by key; a room is where `enseigne` and `salle` say, or else the sensor. */
export class Rooms {
  /** @type {Map<string, Room>} */
  #rooms = new Map();
  /** Of rooms beyond the limit, a few keys so that the number is not that of their records. */
  #left = new Set();
  /** @type {Set<Room>} since they were last asked for */
  #changed = new Set();

  /** How many rooms are not kept. */
  get left() {
    return this.#left.size;
  }

  get size() {
    return this.#rooms.size;
  }

  all() {
    return [...this.#rooms.values()];
  }

  get(key) {
    return this.#rooms.get(key);
  }

  clear() {
    this.#rooms.clear();
    this.#left.clear();
    this.#changed.clear();
  }

  /** Those that are not as they were when this was last called. */
  changes() {
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }

  /** @returns {Room | null} the room that the record is about */
  take(record) {
    const place = placeOf(record);
    if (!place) return null;
    const room = this.#room(place);
    if (!room) return null;
    room.take(record);
    this.#changed.add(room);
    return room;
  }

  #room(place) {
    const known = this.#rooms.get(place.key);
    if (known) return known;
    if (this.#rooms.size >= ROOMS_MAX) {
      if (this.#left.size < ROOMS_MAX) this.#left.add(place.key);
      return null;
    }
    const room = new Room(place);
    this.#rooms.set(place.key, room);
    return room;
  }
}

/** Where a record of indoor air is from; null if it is about something else. */
export function placeOf(record) {
  const site = textOf(record.enseigne);
  const sensor = textOf(record.sensor_id);
  const indoors = site || textOf(record.salle) || numberOf(record.global_score) !== null;
  const name = textOf(record.salle) || sensor;
  if (!indoors || !name) return null;
  return { key: JSON.stringify([site, name]), site, name, query: queryOf(record) };
}

// As it is asked for at /api/iaq/data.
function queryOf(record) {
  const query = {};
  for (const member of ['enseigne', 'salle']) {
    if (typeof record[member] === 'string' && record[member]) query[member] = record[member];
  }
  if (!query.salle && typeof record.sensor_id === 'string') query.sensor_id = record.sensor_id;
  return query;
}
