// The list of events, the newest first; one that is opened shows its record as text.
import { element, setText } from '../page/dom.js';
import { formatAge, formatTime } from '../page/language.js';
import { say } from './say.js';

const TEXT_MAX = 20_000;

export class List {
  #root;
  /** @type {Map<object, HTMLLIElement>} by event */
  #items = new Map();

  /** @param {HTMLOListElement} root */
  constructor(root) {
    this.#root = root;
  }

  /** Shows these, and keeps open what is open. @param {import('./feed.js').Event[]} events */
  show(events) {
    const wanted = new Set(events);
    for (const [event, item] of this.#items) {
      if (wanted.has(event)) continue;
      item.remove();
      this.#items.delete(event);
    }
    let next = this.#root.firstElementChild;
    for (const event of events) {
      const item = this.#item(event);
      if (item === next) next = next.nextElementSibling;
      else this.#root.insertBefore(item, next);
    }
  }

  /** Says again how old they are. */
  age(now = Date.now()) {
    for (const [event, item] of this.#items) setText(item.querySelector('.age'), formatAge(Math.max(0, now - event.at)));
  }

  #item(event) {
    const known = this.#items.get(event);
    if (known) return known;
    const time = element('time', '', formatTime(event.at));
    time.dateTime = new Date(event.at).toISOString();
    const age = element('span', 'age', formatAge(Math.max(0, Date.now() - event.at)));
    const when = element('span', 'when', time, ' ', age);
    const summary = element('summary', '', element('span', 'type', event.type), element('span', 'line', say(event)), when);
    const details = element('details', '', summary);
    details.addEventListener('toggle', () => details.open && details.childElementCount === 1 && details.append(written(event.record)));
    const item = element('li', '', details);
    item.dataset.kind = event.kind;
    if (event.record.level === 'critical') item.dataset.level = 'critical';
    this.#items.set(event, item);
    return item;
  }
}

function written(record) {
  const text = JSON.stringify(record, null, 2);
  return element('pre', '', text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text);
}
