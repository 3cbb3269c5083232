// One quantity of a room: its value, where it goes, and its chart.
import { TimeChart } from '../page/chart.js';
import { element, setText } from '../page/dom.js';
import { QUANTITIES } from '../page/records.js';
import { minutesTo } from './box.js';
import { arrowOf, t, withUnit } from './facts.js';

const POINTS_MAX = 1000;
const DRAWN_MAX = 240;
const GAP_FACTOR = 6;

export class QuantityCard {
  #label;
  #quantity;
  #value = element('b');
  #ahead = element('small');
  #canvas = element('canvas');
  #limits = [];
  #chart = null;
  #points = [];
  #fresh = true;
  #outlook = null;

  constructor(label) {
    this.#label = label;
    this.#quantity = QUANTITIES.find((one) => one.label === label);
    this.#canvas.setAttribute('role', 'img');
    const title = element('h3', '', t(label));
    this.node = element('div', 'quantity', element('div', 'head', title, this.#value, this.#ahead), element('div', 'chart', this.#canvas));
    this.node.dataset.quantity = label;
  }

  /** @param {object} thresholds of the server's /config, which may come late */
  set limits(thresholds) {
    this.#limits = limitsOf(thresholds[this.#quantity.member]);
    this.draw();
  }

  /** With its history. */
  begin(points) {
    this.#points = points.slice(-POINTS_MAX).sort((a, b) => a.x - b.x);
    this.#fresh = true;
  }

  /** One value more, in its place by time. */
  add(point) {
    let at = this.#points.length;
    while (at > 0 && this.#points[at - 1].x > point.x) at--;
    if (this.#points[at - 1]?.x === point.x && this.#points[at - 1].y === point.y) return;
    this.#points.splice(at, 0, point);
    if (this.#points.length > POINTS_MAX) this.#points.shift();
    this.#fresh = true;
  }

  show(known, outlook) {
    if (known) setText(this.#value, withUnit(this.#label, known.value));
    const ahead = outlook && outlook.at > Date.now() ? outlook : null;
    setText(this.#ahead, ahead && known ? aheadText(this.#label, known.value, ahead) : '');
    if (!this.#fresh && ahead?.madeAt === this.#outlook?.madeAt) return;
    this.#outlook = ahead;
    this.draw();
  }

  /** Once it is on the page. */
  draw() {
    if (!this.node.isConnected || this.#points.length === 0) return;
    this.#chart ??= new TimeChart(this.#canvas, this.#quantity.unit);
    this.#chart.show(withGaps(thinned(this.#points)), this.#outlook, this.#limits);
    this.#fresh = false;
    const ys = this.#points.map(({ y }) => y);
    const text = t('chart', {
      quantity: t(this.#label), count: ys.length, low: Math.min(...ys), high: Math.max(...ys), unit: this.#quantity.unit, value: ys.at(-1),
    });
    this.#canvas.setAttribute('aria-label', text);
    this.#canvas.dataset.drawn = JSON.stringify({ points: ys.length, outlook: this.#outlook !== null, limits: this.#limits.length });
  }

  destroy() {
    this.#chart?.destroy();
  }
}

function aheadText(label, value, { at, value: then, low, high }) {
  const arrow = arrowOf(then - value, Math.max(Math.abs(value) * 0.02, 0.05));
  const interval = low < high ? ` (${t('interval', { low: withUnit(label, low).split('\u00a0')[0], high: withUnit(label, high) })})` : '';
  return `${arrow} ${t('in30', { minutes: minutesTo(at), value: withUnit(label, then) })}${interval}`;
}

function limitsOf(threshold) {
  return ['good', 'medium'].flatMap((side) =>
    ['min', 'max'].flatMap((end) => {
      const value = threshold?.[side]?.[end];
      return Number.isFinite(value) ? [{ value, label: t(`${side}Limit`) }] : [];
    }),
  );
}

// The lowest and the highest of each stretch: no peak is lost.
function thinned(points) {
  if (points.length <= DRAWN_MAX) return points;
  const size = Math.ceil((2 * points.length) / DRAWN_MAX);
  const kept = [];
  for (let from = 0; from < points.length; from += size) {
    const some = points.slice(from, from + size);
    const low = some.reduce((a, b) => (b.y < a.y ? b : a));
    const high = some.reduce((a, b) => (b.y > a.y ? b : a));
    kept.push(...(low === high ? [low] : low.x < high.x ? [low, high] : [high, low]));
  }
  if (kept.at(-1) !== points.at(-1)) kept.push(points.at(-1));
  return kept;
}

// No line where nothing was measured.
function withGaps(points) {
  const steps = points.slice(1).map(({ x }, i) => x - points[i].x).sort((a, b) => a - b);
  const usual = Math.max(steps[Math.floor(steps.length / 2)] ?? 0, 1000);
  return points.flatMap((point, i) =>
    i > 0 && point.x - points[i - 1].x > GAP_FACTOR * usual ? [{ x: points[i - 1].x + 1, y: null }, point] : [point],
  );
}
