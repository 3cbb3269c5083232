// What this browser voted for, so that it still knows after a reload.
import { remember, remembered } from '../page/memory.js';

const KEY = 'vote';

/** A vote on other candidates, another topic or with another title is another one. */
export class Ballot {
  /** @type {string | null} */ choice = null;
  counted = false;
  #id;

  constructor({ topic, title, candidates }) {
    this.#id = JSON.stringify([topic, title, candidates]);
    try {
      const { id, choice, counted } = JSON.parse(remembered(KEY));
      if (id === this.#id && candidates.includes(choice)) Object.assign(this, { choice, counted: counted === true });
    } catch {
      // nothing is kept, or nothing that can be read
    }
  }

  choose(choice) {
    this.choice = choice;
    this.counted = false;
    this.#keep();
  }

  /** The broker has all there was. */
  count() {
    if (this.choice === null) return;
    this.counted = true;
    this.#keep();
  }

  #keep() {
    remember(KEY, JSON.stringify({ id: this.#id, choice: this.choice, counted: this.counted }));
  }
}
