// One site: a card with the floor plan of its rooms, drawn once it is near the part that is looked at.
import { element, setText, svg } from '../page/dom.js';
import { formatCount } from '../page/language.js';
import { RoomBox } from './box.js';
import { siteName, t } from './facts.js';
import { layout } from './layout.js';

const ROOMS_MAX = 200;
const KEYS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class Building {
  #count = element('small');
  #rest = element('p', 'rest');
  #picture = svg('svg', { role: 'group' });
  /** @type {Map<string, RoomBox>} */
  #boxes = new Map();
  #rooms = [];
  #drawn = '';
  #near = false;
  #entry = null; // where the Tab key comes in

  /** @param {string} site @param {(key: string) => void} open */
  constructor(site, open) {
    const title = element('h2', '', siteName(site), ' ', this.#count);
    this.node = element('section', 'card building', title, this.#picture, this.#rest);
    this.#picture.setAttribute('aria-label', t('roomsOf', { site: siteName(site) }));
    const chosen = (event) => event.target.closest('.room')?.dataset.key;
    this.#picture.addEventListener('click', (event) => chosen(event) && open(chosen(event)));
    this.#picture.addEventListener('keydown', (event) => this.#key(event, open));
  }

  /** What is free for the drawing. */
  get width() {
    return Math.floor(this.#count.closest('h2').clientWidth);
  }

  /** @param {import('./room.js').Room[]} rooms in their order @param {number} width of the drawing */
  show(rooms, width) {
    this.#rooms = rooms.slice(0, ROOMS_MAX);
    const left = rooms.length - this.#rooms.length;
    setText(this.#count, rooms.length === 1 ? t('oneRoom') : t('roomCount', { count: formatCount(rooms.length) }));
    setText(this.#rest, left > 0 ? t('moreRooms', { count: formatCount(left) }) : '');
    this.#rest.hidden = left === 0;
    const wanted = JSON.stringify([width, this.#rooms.map(({ key }) => key)]);
    if (wanted !== this.#drawn) this.#lay(wanted, width);
  }

  /** Told by whoever sees which buildings are near. */
  set near(near) {
    if (near === this.#near) return;
    this.#near = near;
    if (near && this.#boxes.size === 0) this.#fill();
    else if (near) this.refresh();
  }

  /** These rooms, or all, as they are now. */
  refresh(changed) {
    if (!this.#near) return;
    for (const room of changed ?? this.#rooms) this.#boxes.get(room.key)?.show();
  }

  #lay(wanted, width) {
    this.#drawn = wanted;
    this.plan = layout(this.#rooms.map(({ name }) => name), width);
    for (const name of ['width', 'height']) this.#picture.setAttribute(name, String(this.plan[name]));
    const focused = /** @type {SVGElement | null} */ (document.activeElement?.closest?.('.room'));
    const held = focused?.dataset.key;
    this.#boxes.clear();
    this.#picture.replaceChildren();
    if (this.#near) this.#fill();
    if (held && this.#boxes.has(held)) this.#boxes.get(held).node.focus();
  }

  #fill() {
    const { width, height, corridors, rooms, dense } = this.plan;
    const outside = svg('rect', { class: 'outside', x: 2, y: 2, width: width - 4, height: height - 4, rx: 6 });
    const ways = corridors.map((way) => svg('rect', { class: 'corridor', x: 5, y: way.y, width: width - 10, height: way.height }));
    this.#picture.classList.toggle('dense', dense);
    this.#picture.replaceChildren(outside, ...ways);
    this.#rooms.forEach((room, i) => {
      const box = new RoomBox(room, rooms[i], dense);
      this.#boxes.set(room.key, box);
      this.#picture.append(box.node);
    });
    this.#enterAt(this.#boxes.get(this.#entry)?.node ?? this.#picture.querySelector('.room'));
  }

  #enterAt(node) {
    this.#boxes.get(this.#entry)?.node.setAttribute('tabindex', '-1');
    this.#entry = node?.dataset.key ?? null;
    node?.setAttribute('tabindex', '0');
  }

  #key(event, open) {
    const node = event.target.closest('.room');
    if (!node || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') open(node.dataset.key);
    else if (event.key in KEYS) this.#move(node, KEYS[event.key]);
    else return;
    event.preventDefault();
  }

  #move(node, step) {
    const rooms = /** @type {NodeListOf<SVGElement>} */ (this.#picture.querySelectorAll('.room'));
    const all = [...rooms];
    const next = all[all.indexOf(node) + step];
    if (!next) return;
    this.#enterAt(next);
    next.focus();
  }
}
