// The last word of each name.
import { element, setText } from '../page/dom.js';
import { clamp } from './names.js';

const PEOPLE_MAX = 200;

export class People {
  #place;
  #people = new Map();

  /** @param {HTMLElement} place */
  constructor(place) {
    this.#place = place;
  }

  get size() {
    return this.#people.size;
  }

  /** What this name said last; undefined: nothing that is known. */
  lastOf(name) {
    return this.#people.get(name)?.text;
  }

  /** The one who spoke last is first; who has been silent for longest makes room. */
  say(name, text) {
    const known = this.#people.get(name) ?? this.#newPerson(name);
    this.#people.delete(name);
    this.#people.set(name, known);
    known.text = text;
    setText(known.word, clamp(text, 160));
    this.#place.prepend(known.row);
    if (this.#people.size > PEOPLE_MAX) this.leave(this.#people.keys().next().value);
  }

  leave(name) {
    this.#people.get(name)?.row.remove();
    this.#people.delete(name);
  }

  #newPerson(name) {
    const word = element('span');
    return { word, row: element('li', '', element('b', '', clamp(name, 60)), word), text: '' };
  }
}
