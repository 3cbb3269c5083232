// A line over time on a canvas, drawn by Chart.js. It exists only while somebody can see it.
import '../lib/chart.js';
import { formatTime, formatValue, language } from '../page/language.js';

const { Chart } = globalThis;
Chart.defaults.animation = false;

const SPAN_SHARE = 0.02; // of the value: less than that is no news
const STEPS_MS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800].map((s) => s * 1000);
const TICKS = 6;
const minutes = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
const days = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });

export class Plot {
  #chart;
  #channel;
  #large;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import('./sensors.js').Channel} channel
   * @param {{large?: boolean, pointed?: (point: {x: number, y: number} | null) => void}} [how]
   */
  constructor(canvas, channel, { large = false, pointed = () => {} } = {}) {
    this.#channel = channel;
    this.#large = large;
    const dataset = { data: [], borderWidth: large ? 1.8 : 1.5, pointRadius: 0, pointHoverRadius: 4, fill: 'start', tension: 0 };
    this.#chart = new Chart(canvas, { type: 'line', data: { datasets: [dataset] }, options: this.#options(pointed) });
    this.paint();
  }

  #options(pointed) {
    const title = ([item]) => formatTime(item.parsed.x);
    const label = ({ parsed }) => `${formatValue(parsed.y)} ${this.#channel.unit ?? ''}`;
    const axes = { display: this.#large, border: { display: false } };
    return {
      parsing: false,
      normalized: true,
      maintainAspectRatio: false,
      events: ['mousemove', 'mouseout', 'touchstart', 'touchmove'],
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      onHover: (event, [found]) => pointed(found && event.type !== 'mouseout' ? this.points[found.index] : null),
      layout: { padding: this.#large ? 4 : { top: 4, bottom: 2 } },
      plugins: { legend: { display: false }, tooltip: { enabled: this.#large, displayColors: false, callbacks: { title, label } } },
      scales: {
        x: { type: 'linear', ...axes, grid: { display: false }, afterBuildTicks: placeTicks, ticks: { callback: tellTick, maxRotation: 0 } },
        y: { type: 'linear', ...axes, position: 'right', ticks: { maxTicksLimit: 6, includeBounds: false, callback: (value) => formatValue(value) } },
      },
    };
  }

  /** What is drawn, oldest first. */
  get points() {
    return this.#chart.data.datasets[0].data;
  }

  /** The time from left to right, in milliseconds. */
  get span() {
    const { min, max } = this.#chart.options.scales.x;
    return { from: min, to: max };
  }

  /** @param {{x: number, y: number}[]} points @param {number} from @param {number} to milliseconds */
  draw(points, from, to) {
    const { x, y } = this.#chart.options.scales;
    this.#chart.data.datasets[0].data = points;
    Object.assign(x, { min: from, max: to });
    Object.assign(y, bounds(points, this.#channel.quantity.span));
    this.#chart.update('none');
  }

  /** Shows where a point is; -1: nowhere. */
  point(index) {
    const active = index < 0 ? [] : [{ datasetIndex: 0, index }];
    this.#chart.setActiveElements(active);
    if (this.#large) this.#chart.tooltip.setActiveElements(active, { x: 0, y: 0 });
    this.#chart.update('none');
  }

  /** Takes its colours from the style sheet. */
  paint() {
    const style = getComputedStyle(this.#chart.canvas);
    const colour = (name) => resolved(style.getPropertyValue(name), this.#chart.canvas);
    const line = colour('--accent');
    Object.assign(this.#chart.data.datasets[0], { borderColor: line, backgroundColor: colour('--wash'), pointHoverBackgroundColor: line });
    const { scales, plugins } = this.#chart.options;
    for (const axis of [scales.x, scales.y]) axis.ticks.color = colour('--quiet');
    scales.y.grid.color = colour('--line');
    Object.assign(plugins.tooltip, { backgroundColor: colour('--text'), titleColor: colour('--card'), bodyColor: colour('--card') });
    this.#chart.update('none');
  }

  destroy() {
    this.#chart.destroy();
  }
}

// light-dark() as the canvas understands it.
function resolved(value, near) {
  const probe = near.parentElement;
  const before = probe.style.outlineColor;
  probe.style.outlineColor = value;
  const colour = getComputedStyle(probe).outlineColor;
  probe.style.outlineColor = before;
  return colour;
}

function bounds(points, span = 0) {
  let least = Infinity;
  let most = -Infinity;
  for (const { y } of points) {
    if (y < least) least = y;
    if (y > most) most = y;
  }
  if (least > most) return { min: 0, max: 1 };
  const middle = (least + most) / 2;
  const half = Math.max(most - least, span, Math.abs(middle) * SPAN_SHARE, Number.MIN_VALUE) * 0.56;
  return { min: least >= 0 ? Math.max(0, middle - half) : middle - half, max: middle + half || 1 };
}

function placeTicks(axis) {
  const wanted = (axis.max - axis.min) / Math.max(2, Math.min(TICKS, axis.chart.width / 90));
  const step = STEPS_MS.find((one) => one >= wanted) ?? Math.ceil(wanted / STEPS_MS.at(-1)) * STEPS_MS.at(-1);
  const zone = new Date(axis.max).getTimezoneOffset() * 60_000;
  axis.ticks = [];
  for (let at = Math.ceil((axis.min - zone) / step) * step + zone; at <= axis.max; at += step) axis.ticks.push({ value: at });
}

function tellTick(value, index, ticks) {
  const step = ticks.length > 1 ? ticks[1].value - ticks[0].value : 0;
  const span = ticks.length > 1 ? ticks.at(-1).value - ticks[0].value : 0;
  if (span > 86_400_000) return days.format(value);
  return step > 0 && step < 60_000 ? formatTime(value) : minutes.format(value);
}
