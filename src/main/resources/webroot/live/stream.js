// The last records, newest first, each to be opened.
import { element } from '../page/dom.js';
import { formatTime } from '../page/language.js';
import { TIMES, timeOf } from './measured.js';

const RECORDS_MAX = 50;
const PREVIEW_MAX = 200;

export class Stream {
  #place;
  #opened;
  #waiting = [];

  /** @param {HTMLElement} place @param {() => void} opened somebody looks at one */
  constructor(place, opened) {
    this.#place = place;
    this.#opened = opened;
  }

  take(record) {
    this.#waiting.push(record);
    if (this.#waiting.length > RECORDS_MAX) this.#waiting.shift();
  }

  show() {
    this.#place.prepend(...this.#waiting.reverse().map((record) => this.#row(record)));
    this.#waiting = [];
    while (this.#place.childElementCount > RECORDS_MAX) this.#place.lastElementChild.remove();
  }

  clear() {
    this.#waiting = [];
    this.#place.replaceChildren();
  }

  closeAll() {
    for (const details of this.#place.querySelectorAll('details')) details.open = false;
  }

  #row(record) {
    const at = timeOf(record);
    const time = element('time', '', Number.isNaN(at) ? '' : formatTime(new Date(at)));
    const summary = element('summary');
    summary.append(time, element('b', '', String(record._topic ?? record.type)), element('span', '', preview(record)));
    const details = element('details');
    details.append(summary);
    details.addEventListener('toggle', () => {
      if (!details.open) return;
      this.#opened();
      if (details.childElementCount === 1) details.append(element('pre', '', JSON.stringify(record, null, 2)));
    });
    const row = element('li');
    row.append(details);
    return row;
  }
}

// What the sender wrote, without what was added on the way; numbers first.
function preview(record) {
  const own = Object.entries(record).filter(([key]) => !key.startsWith('_') && key !== 'type');
  const isNumber = ([key, value]) => typeof value === 'number' && !TIMES.has(key);
  const sorted = [...own.filter(isNumber), ...own.filter((member) => !isNumber(member))];
  return sorted.map(([key, value]) => `${key} ${shown(value)}`).join(' · ').slice(0, PREVIEW_MAX);
}

function shown(value) {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
