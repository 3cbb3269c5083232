// One quantity of one sensor: its name, newest value, age and line. The name opens it large.
import { element, setText } from '../page/dom.js';
import { formatAge, formatTime, formatValue } from '../page/language.js';
import { Plot } from './plot.js';

/** The quantity's name for people. */
export const nameOf = ({ known, id }, t) => (known ? t(`q_${id}`) : id.replaceAll('_', ' ').trim() || id);

/** A value as text, without its unit. */
export const shown = (value) => (typeof value === 'number' ? formatValue(value) : String(value ?? '–'));

export class Tile {
  channel;
  /** When its line was drawn last. */
  drawnAt = -Infinity;
  #t;
  #plot = null;
  #held = false; // somebody points at it
  #counted = -1;
  #age = element('small', 'age');
  #value = element('b');
  #unit = element('span', 'unit');
  #bounds = element('small', 'bounds');
  #canvas = element('canvas');

  /**
   * @param {import('./sensors.js').Channel} channel
   * @param {(key: string, values?: object) => string} t
   * @param {(channel: import('./sensors.js').Channel) => void} open
   */
  constructor(channel, t, open) {
    this.channel = channel;
    this.#t = t;
    this.name = nameOf(channel.quantity, t);
    const button = element('button', 'open', this.name);
    button.type = 'button';
    button.title = t('open', { name: this.name });
    button.addEventListener('click', () => open(channel));
    this.#canvas.setAttribute('role', 'img');
    this.#canvas.addEventListener('pointerleave', () => this.#point(null));
    const plot = element('div', 'plot', this.#canvas);
    plot.hidden = typeof channel.series.last !== 'number';
    plot.addEventListener('click', () => open(channel));
    this.element = element('article', 'tile', button, this.#age, element('p', 'reading', this.#value, ' ', this.#unit), plot, this.#bounds);
  }

  get isOpen() {
    return this.#plot !== null;
  }

  /** It can be seen: from now on there is a chart. */
  open() {
    if (this.#plot || typeof this.channel.series.last !== 'number') return;
    this.#canvas.parentElement.hidden = false;
    this.#plot = new Plot(this.#canvas, this.channel, { pointed: (point) => this.#point(point) });
    this.drawnAt = -Infinity;
  }

  close() {
    this.#plot?.destroy();
    this.#plot = null;
    this.#held = false;
  }

  paint() {
    this.#plot?.paint();
  }

  /** The newest value and its age. @param {number} now */
  tell(now) {
    const { series, unit } = this.channel;
    const stale = now - series.at > series.staleAfterMs;
    this.element.classList.toggle('stale', stale);
    if (this.#held) return;
    setText(this.#age, stale ? this.#t('stale', { age: formatAge(now - series.at) }) : formatAge(now - series.at));
    if (this.#counted === series.count) return;
    this.#counted = series.count;
    setText(this.#value, shown(series.last));
    setText(this.#unit, unit ?? '');
    this.#value.classList.toggle('long', shown(series.last).length > 12);
  }

  /** @param {number} from @param {number} now @param {boolean} whole nothing is left out: a pause is a pause */
  draw(from, now, whole) {
    this.drawnAt = now;
    if (!this.#plot || this.#held) return;
    const { series } = this.channel;
    const points = series.points(from, whole ? Math.max(series.staleAfterMs, (now - from) / 20) : Infinity);
    this.#plot.draw(points, from, now);
    const values = points.map(({ y }) => y).filter(Number.isFinite);
    const bounds = values.length > 0 ? `${formatValue(Math.min(...values))} – ${formatValue(Math.max(...values))}` : this.#t('nothingThen');
    setText(this.#bounds, bounds);
    this.#canvas.setAttribute('aria-label', this.#t('chart', { name: this.name, bounds, unit: this.channel.unit ?? '' }));
  }

  // In place of the newest value, as long as somebody points at another.
  #point(point) {
    this.#held = point !== null && Number.isFinite(point?.y);
    this.element.classList.toggle('held', this.#held);
    this.#counted = -1;
    if (!this.#held) return;
    setText(this.#value, shown(point.y));
    setText(this.#age, formatTime(point.x));
  }
}
