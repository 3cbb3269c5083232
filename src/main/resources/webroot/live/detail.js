// One quantity on its own, large: over any time, each point to be read by pointer or arrow keys, and a
// table of the same.
import { byId, element, setText } from '../page/dom.js';
import { formatAge, formatTime, formatValue, language } from '../page/language.js';
import { Plot } from './plot.js';
import { offerRanges, RANGES } from './ranges.js';
import { Series } from './series.js';
import { nameOf, shown } from './tile.js';
import { clock, View } from './view.js';
import { measured } from './measured.js';

const BUCKETS = 500;
const ROWS = 20;
const DRAW_EVERY_MS = 1000;
const SHORT_MS = 300_000; // there may be some points of one second
const tenths = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 1 });

export class Detail {
  #dialog = byId('detail');
  #canvas = byId('detail-canvas');
  #t;
  #shown = null; // {channel, series, view, plot, drawnAt}
  #index = -1;

  /** @param {(key: string, values?: object) => string} t */
  constructor(t) {
    this.#t = t;
    this.#dialog.addEventListener('close', () => this.#closed());
    this.#dialog.addEventListener('click', (event) => event.target === this.#dialog && this.#dialog.close());
    byId('detail-close').addEventListener('click', () => this.#dialog.close());
    byId('detail-plot').addEventListener('keydown', (event) => this.#key(event));
    byId('detail-plot').addEventListener('focusout', () => this.#leave());
    byId('detail-table').closest('details').addEventListener('toggle', () => this.#shown && this.#tabulate());
    const paint = () => this.#shown?.plot.paint();
    document.addEventListener('themechange', paint);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
  }

  /** @param {import('./sensors.js').Channel} channel @param {string} range */
  open(channel, range) {
    if (this.#shown) return;
    const series = new Series(RANGES['1h'], BUCKETS);
    this.#shown = { channel, series, view: new View(range, BUCKETS), plot: null, drawnAt: 0 };
    setText(byId('detail-title'), nameOf(channel.quantity, this.#t));
    setText(byId('detail-place'), [channel.sensor.title, channel.sensor.place].filter(Boolean).join(' · '));
    byId('detail-ranges').replaceChildren(byId('detail-ranges').firstElementChild);
    offerRanges(byId('detail-ranges'), 'detail-range', range, this.#t, (name) => this.#fill(name));
    this.#dialog.showModal();
    this.#shown.plot = new Plot(this.#canvas, channel, { large: true, pointed: (point) => this.#say(point) });
    this.#fill(range);
  }

  /** A record has come. */
  take(record, at) {
    if (!this.#shown) return;
    const { channel, series } = this.#shown;
    const found = measured(record);
    if (found?.sensor !== channel.sensor.key) return;
    const value = found.values.find(({ quantity }) => quantity.id === channel.quantity.id);
    if (value) series.add(at, value.value);
  }

  /** Brings it up to date. */
  show() {
    const now = clock.now();
    if (!this.#shown || now - this.#shown.drawnAt < DRAW_EVERY_MS || this.#index >= 0) return;
    this.#shown.drawnAt = now;
    const { channel, series, view, plot } = this.#shown;
    const from = view.from(now, series.first);
    const breakMs = view.whole ? Math.max(series.staleAfterMs, (now - from) / 40) : Infinity;
    plot.draw(series.points(from, breakMs), from, now);
    setText(byId('detail-value'), `${shown(channel.series.last)} ${channel.unit ?? ''}`);
    setText(byId('detail-age'), formatAge(now - channel.series.at));
    this.#tabulate();
  }

  async #fill(range) {
    const { channel, series, view } = this.#shown;
    const own = this.#shown;
    const note = byId('detail-note');
    setText(note, this.#t('loading'));
    const resize = (spanMs, buckets) => series.resize(spanMs, buckets);
    const topic = channel.topic === null || channel.topic.includes(',') ? 'all' : channel.topic; // a list is parted by commas
    const take = (record, at) => this.#shown === own && this.take(record, at);
    const told = await view.fill(range, { topic, sources: 1, take, resize }).then(
      (whole) => (whole === null ? null : whole ? 'whole' : 'thinned'),
      () => 'noHistory',
    );
    if (this.#shown !== own || told === null) return;
    setText(note, this.#t(told));
    this.#index = -1;
    this.#shown.drawnAt = 0;
    this.show();
  }

  #key(event) {
    const points = this.#shown.plot.points;
    const last = points.length - 1;
    const at = this.#index < 0 ? last + 1 : this.#index;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last, PageUp: at - 10, PageDown: at + 10 }[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    this.#index = Math.max(0, Math.min(last, to));
    this.#shown.plot.point(this.#index);
    this.#say(points[this.#index]);
  }

  // Nobody reads a point any more: it goes on.
  #leave() {
    if (!this.#shown || this.#index < 0) return;
    this.#index = -1;
    this.#shown.plot.point(-1);
    this.#say(null);
  }

  #say(point) {
    if (!this.#shown) return;
    const { channel, plot } = this.#shown;
    if (!point || !Number.isFinite(point.y)) return setText(byId('detail-point'), '');
    const { from, to } = plot.span;
    const time = to - from <= SHORT_MS ? tenths.format(point.x) : formatTime(point.x);
    setText(byId('detail-point'), `${time}: ${formatValue(point.y)} ${channel.unit ?? ''}`);
  }

  // Rows of equal times: as many as one wants to hear.
  #tabulate() {
    if (!byId('detail-table').closest('details').open) return;
    const { from, to } = this.#shown.plot.span;
    const step = (to - from) / ROWS;
    const rows = Array.from({ length: ROWS }, (_, i) => ({ from: from + i * step, values: [] }));
    for (const { x, y } of this.#shown.plot.points) {
      if (Number.isFinite(y)) rows[Math.min(ROWS - 1, Math.floor((x - from) / step))]?.values.push(y);
    }
    const cells = ({ from: at, values }) =>
      [formatTime(at), formatValue(Math.min(...values)), formatValue(Math.max(...values))].map((text) => element('td', '', text));
    const filled = rows.filter(({ values }) => values.length > 0).reverse();
    byId('detail-table').replaceChildren(...filled.map((row) => element('tr', '', ...cells(row))));
  }

  #closed() {
    this.#shown?.plot?.destroy();
    this.#shown = null;
    this.#index = -1;
    setText(byId('detail-point'), '');
    byId('detail-table').replaceChildren();
  }
}
