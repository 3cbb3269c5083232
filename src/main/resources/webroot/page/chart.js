// A chart of one quantity over time: its line, thresholds, and what is expected. Drawn by Chart.js in
// the colours of the page, light or dark, and drawn anew when those change.
import '../lib/chart.js';
import { formatTime, formatValue } from './language.js';
import { FINE_MS, tickLabel, ticks } from './ticks.js';

const { Chart } = globalThis;

/** @type {Set<TimeChart>} those on the page */
const charts = new Set();

/** The value of a CSS variable of the page, as a canvas takes it. */
function colour(name) {
  const probe = document.createElement('i');
  probe.style.setProperty('color', `var(${name})`);
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** The same colour, as clear as glass. */
function faint(rgb, alpha) {
  const [r, g, b] = rgb.match(/[\d.]+/g) ?? [128, 128, 128];
  return `rgba(${r}, ${g}, ${b}, ${alpha})`;
}

export class TimeChart {
  #chart;
  #limits = [];
  #shown = { points: [], outlook: null };

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {string} [unit] of its values
   */
  constructor(canvas, unit = '') {
    this.#chart = new Chart(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: options(unit),
    });
    charts.add(this);
  }

  /**
   * @param {{x: number, y: number | null}[]} points by time; a null is a gap
   * @param {{at: number, value: number, low: number, high: number} | null} [outlook] what is expected
   * @param {{value: number, label: string}[]} [limits] lines across
   */
  show(points, outlook = null, limits = []) {
    this.#shown = { points, outlook };
    this.#limits = limits;
    this.draw();
  }

  /** Once more, in the colours of now. */
  draw() {
    const { points, outlook } = this.#shown;
    const last = points.findLast(({ y }) => y !== null);
    const ahead = outlook && last && outlook.at > last.x ? outlook : null;
    const { options, data } = this.#chart;
    const from = points[0]?.x ?? Date.now() - FINE_MS;
    const to = Math.max(ahead?.at ?? 0, last?.x ?? 0, from + FINE_MS);
    const quiet = colour('--quiet');
    Object.assign(options.scales.x, { min: from, max: to });
    for (const axis of Object.values(options.scales)) {
      axis.ticks.color = quiet;
      axis.grid.color = colour('--line');
    }
    data.datasets = [line(points), ...(ahead ? expected(last, ahead) : []), ...this.#limitLines(from, to)];
    this.#chart.update('none');
  }

  destroy() {
    charts.delete(this);
    this.#chart.destroy();
  }

  #limitLines(from, to) {
    const ys = this.#shown.points.flatMap(({ y }) => (y === null ? [] : [y]));
    const span = Math.max(...ys) - Math.min(...ys) || Math.abs(ys[0]) / 10 || 1;
    const near = (value) => value <= Math.max(...ys) + span && value >= Math.min(...ys) - span;
    const stroke = colour('--bad');
    return this.#limits
      .filter(({ value }) => near(value)) // one far away would make a flat line of the data
      .map(({ value, label }) => ({
        ...BARE, label, data: [{ x: from, y: value }, { x: to, y: value }],
        borderColor: faint(stroke, 0.55), borderWidth: 1, borderDash: [2, 3], pointHitRadius: 0,
      }));
  }
}

const BARE = { pointRadius: 0, pointHoverRadius: 0, borderWidth: 1.8, tension: 0.2, spanGaps: false };

function line(points) {
  const stroke = colour('--accent');
  return {
    ...BARE, label: '', data: points, borderColor: stroke, backgroundColor: faint(stroke, 0.1), fill: 'start',
    pointRadius: points.length === 1 ? 3 : 0, pointHoverRadius: 4, pointBackgroundColor: stroke,
  };
}

// The way there is unknown: it is straight and dashed, and the interval opens up around it.
function expected({ x, y }, { at, value, low, high }) {
  const stroke = colour('--accent');
  const to = (end) => [{ x, y }, { x: at, y: end }];
  const edge = { ...BARE, borderWidth: 0, pointHitRadius: 0 };
  return [
    { ...BARE, label: 'expected', data: to(value), borderColor: stroke, borderDash: [6, 4], pointRadius: [0, 3.5], pointBackgroundColor: stroke },
    { ...edge, label: 'high', data: to(high), fill: '+1', backgroundColor: faint(stroke, 0.16) },
    { ...edge, label: 'low', data: to(low), fill: false },
  ];
}

function options(unit) {
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    parsing: false,
    normalized: true,
    interaction: { mode: 'nearest', axis: 'x', intersect: false },
    scales: {
      x: {
        type: 'linear',
        grid: { display: false },
        border: { display: false },
        ticks: { maxRotation: 0, callback: (ms, i, all) => tickLabel(ms, all), font: { size: 11 } },
        afterBuildTicks: (axis) => {
          axis.ticks = ticks(axis.min, axis.max);
        },
      },
      y: { afterDataLimits: roomAround, grid: {}, border: { display: false }, ticks: { maxTicksLimit: 4, font: { size: 11 }, callback: formatValue } },
    },
    plugins: {
      legend: { display: false },
      tooltip: {
        displayColors: false,
        filter: ({ dataset, dataIndex }) => dataset.label === '' || (dataset.label === 'expected' && dataIndex === 1),
        callbacks: {
          title: (items) => (items.length > 0 ? formatTime(items[0].parsed.x) : ''),
          label: ({ parsed }) => `${formatValue(parsed.y)} ${unit}`,
        },
      },
    },
  };
}

// A little above and below, but room below the lowest value is no reason to show what cannot be.
function roomAround(axis) {
  const lowest = Math.min(...axis.chart.data.datasets.flatMap(({ data }) => data.map(({ y }) => y ?? Infinity)));
  const room = 0.08 * (axis.max - axis.min);
  axis.max += room;
  axis.min = lowest >= 0 ? Math.max(0, axis.min - room) : axis.min - room;
}

const redraw = () => charts.forEach((chart) => chart.draw());
document.addEventListener('themechange', redraw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
