// A card for each sensor, a tile on it for each of its quantities; charts only where somebody looks.
import { element } from '../page/dom.js';
import { nameOf, Tile } from './tile.js';

const DRAW_MS_MAX = 12; // of one turn
const DRAWS_OF_SPAN = 400; // no line moves by less than a pixel

const order = new Intl.Collator(undefined, { numeric: true });

export class Board {
  #place;
  #sensors;
  #t;
  #open;
  #cards = new Map();
  /** @type {Map<Element, Tile>} */
  #tiles = new Map();
  /** @type {Set<Tile>} */
  #inView = new Set();
  #watch = new IntersectionObserver((entries) => this.#seen(entries), { rootMargin: '150px' });

  /**
   * @param {HTMLElement} place
   * @param {import('./sensors.js').Sensors} sensors
   * @param {(key: string, values?: object) => string} t
   * @param {(channel: import('./sensors.js').Channel) => void} open
   */
  constructor(place, sensors, t, open) {
    this.#place = place;
    this.#sensors = sensors;
    this.#t = t;
    this.#open = open;
    const paint = () => this.#inView.forEach((tile) => tile.paint());
    document.addEventListener('themechange', paint);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
  }

  /** Brings the page up to date. @param {{now: number, from: number, whole: boolean}} time */
  show({ now, from, whole }) {
    this.#removeGone();
    for (const sensor of this.#sensors.all.values()) {
      const card = this.#cards.get(sensor) ?? this.#newCard(sensor);
      if (card.tiles < sensor.channels.size) this.#addTiles(card, sensor);
    }
    for (const tile of this.#inView) {
      if (!tile.isOpen) tile.open();
      tile.tell(now);
    }
    this.#draw(now, from, whole);
  }

  /** All lines anew: another time is shown. */
  redraw() {
    for (const tile of this.#inView) tile.drawnAt = -Infinity;
  }

  // Those that have waited longest come first, and a turn has an end: the page stays quick however many there are.
  #draw(now, from, whole) {
    const everyMs = Math.min(10_000, Math.max(500, (now - from) / DRAWS_OF_SPAN));
    const due = [...this.#inView].filter((tile) => now - tile.drawnAt >= everyMs).sort((a, b) => a.drawnAt - b.drawnAt);
    const end = performance.now() + DRAW_MS_MAX;
    for (const tile of due) {
      tile.draw(from, now, whole);
      if (performance.now() > end) return;
    }
  }

  #seen(entries) {
    for (const { target, isIntersecting } of entries) {
      const tile = this.#tiles.get(target);
      if (!tile) continue;
      if (isIntersecting) this.#inView.add(tile);
      else if (this.#inView.delete(tile)) tile.close();
    }
  }

  #removeGone() {
    for (const [sensor, card] of this.#cards) {
      if (this.#sensors.all.get(sensor.key) === sensor) continue;
      for (const one of card.grid.children) this.#forget(one);
      card.element.remove();
      this.#cards.delete(sensor);
    }
  }

  #forget(one) {
    const tile = this.#tiles.get(one);
    this.#watch.unobserve(one);
    this.#tiles.delete(one);
    this.#inView.delete(tile);
    tile.close();
  }

  // In the order of their names, so that they stay where they are.
  #newCard(sensor) {
    const title = element('h3', '', sensor.title);
    const card = { element: element('section', 'card sensor'), grid: element('div', 'tiles'), tiles: 0 };
    const place = element('small', '', sensor.place);
    title.title = sensor.title;
    place.title = sensor.place;
    card.element.append(element('header', '', title, place), card.grid);
    card.element.setAttribute('aria-label', sensor.title);
    card.element.dataset.name = sensor.key;
    this.#place.insertBefore(card.element, firstAfter(this.#place, 'name', sensor.key));
    this.#cards.set(sensor, card);
    return card;
  }

  #addTiles(card, sensor) {
    for (const channel of sensor.channels.values()) {
      const rank = `${String(channel.quantity.order).padStart(3, '0')} ${nameOf(channel.quantity, this.#t)}`;
      const known = [...card.grid.children].some((one) => this.#tiles.get(one).channel === channel);
      if (known) continue;
      const tile = new Tile(channel, this.#t, this.#open);
      tile.element.dataset.rank = rank;
      card.grid.insertBefore(tile.element, firstAfter(card.grid, 'rank', rank));
      this.#tiles.set(tile.element, tile);
      this.#watch.observe(tile.element);
    }
    card.tiles = sensor.channels.size;
    card.element.style.setProperty('--tiles', String(card.tiles));
  }
}

function firstAfter(place, key, value) {
  return [...place.children].find((other) => order.compare(other.dataset[key], value) > 0) ?? null;
}
