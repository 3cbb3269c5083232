// The live page: what comes is counted and kept at once, and shown four times a second.
// Everything that comes is data: it goes into the page as text only.
import { byId, setText } from './page/dom.js';
import { openFrame } from './page/frame.js';
import { formatCount, formatValue, texts, translate } from './page/language.js';
import { connect } from './spillway.js';
import { Board } from './live/board.js';
import { Detail } from './live/detail.js';
import { keepRange, offerRanges, rangeOfLastTime } from './live/ranges.js';
import { Sensors } from './live/sensors.js';
import { draw } from './live/spark.js';
import { Stream } from './live/stream.js';
import { TEXTS } from './live/texts.js';
import { clock, placeInTime, View } from './live/view.js';
import { Way } from './live/way.js';

const SHOW_EVERY_MS = 250;
const BUCKETS = 150; // of a chart on a card
const RATES_MAX = 60;
const RATE_OVER_S = 3; // as long as a turn of polling
const GROW_EVERY_MS = 10_000;
const TELL_MS = 300;
const NAMES = ['measurements', 'predictions', 'actions', 'alerts', 'modules'];

const t = texts(TEXTS);
translate(t);
const frame = openFrame();
const view = new View(rangeOfLastTime(), BUCKETS);
const sensors = new Sensors(view.spanMs, BUCKETS);
const detail = new Detail(t);
const board = new Board(byId('values'), sensors, t, (channel) => detail.open(channel, view.range));
const stream = new Stream(byId('stream'), () => pause(true));
const way = new Way(byId('way'), t);
const rates = [];
const live = frame.follow(connect({ recent: 50 }));
let topic = 'all';
let pausedAt = null;
let counted = null;
let unfilled = false;
let told = ''; // of the past

const resize = (spanMs, buckets) => sensors.resize(spanMs, buckets);

function take(record) {
  const at = placeInTime(record);
  sensors.take(record, at);
  detail.take(record, at);
  stream.take(record);
}

// --- what is chosen

function choose(wanted) {
  if (wanted === topic) return;
  try {
    live.on(wanted, take);
  } catch (error) {
    frame.notice(error.message);
    return;
  }
  live.off(topic, take);
  topic = wanted;
  goOn();
  frame.notice('');
  sensors.clear();
  stream.clear();
  setTimeout(() => fill(view.range), TELL_MS); // once the server sends what comes from now on
}

byId('filter-form').addEventListener('submit', (event) => event.preventDefault());
byId('filter').addEventListener('change', () => choose(byId('filter').value.trim() || 'all'));

function pause(wanted) {
  pausedAt = wanted ? clock.now() : null;
  byId('pause').setAttribute('aria-pressed', String(wanted));
  byId('pause').textContent = t(wanted ? 'resume' : 'pause');
  setText(byId('note'), wanted ? t('paused') : told);
  if (wanted) return;
  stream.closeAll();
  board.redraw();
}

byId('pause').addEventListener('click', () => pause(pausedAt === null));

// Another picture is wanted, so it moves.
function goOn() {
  if (pausedAt !== null) pause(false);
}

function tell(key) {
  told = t(key);
  if (pausedAt === null) setText(byId('note'), told);
}

/** What was before, for as long as is to be shown. */
async function fill(range) {
  tell('loading');
  const what = {
    topic,
    sources: sensors.all.size,
    take: (record, at) => sensors.take(record, at),
    resize,
  };
  const key = await view.fill(range, what).then((whole) => whole === null ? null : whole ? 'whole' : 'thinned', () => 'noHistory');
  unfilled = key === 'noHistory';
  if (key !== null) tell(key);
  board.redraw();
}

offerRanges(byId('ranges'), 'range', view.range, t, (range) => {
  keepRange(range);
  goOn();
  fill(range);
});

// --- what is shown

function suggest() {
  const known = [...NAMES, ...sensors.topics].slice(0, 100);
  const list = byId('known');
  if (list.childElementCount === known.length) return;
  list.replaceChildren(...known.map((name) => Object.assign(document.createElement('option'), { value: name })));
}

function show() {
  setText(byId('count'), formatCount(live.counts.records));
  setText(byId('cursor'), live.cursor === null ? '–' : formatCount(live.cursor));
  if (document.hidden) return;
  detail.show();
  if (pausedAt !== null) return;
  const now = clock.now();
  board.show({ now, from: view.from(now, sensors.first), whole: view.whole });
  stream.show();
  const count = sensors.all.size;
  byId('empty').hidden = count > 0;
  setText(byId('sources'), formatCount(count));
  byId('left').hidden = sensors.left.size === 0;
  setText(byId('left'), t('left', { count: formatCount(sensors.left.size) }));
}

function measure() {
  const { records } = live.counts;
  if (counted !== null) rates.push(records - counted);
  if (rates.length > RATES_MAX) rates.shift();
  if (live.mode !== 'offline' && records > 0) counted = records; // first those from before the page was opened
  const means = rates.map((_, i) => mean(rates.slice(Math.max(0, i + 1 - RATE_OVER_S), i + 1)));
  const now = means.at(-1) ?? 0;
  const rate = now < 10 ? formatValue(Number(now.toFixed(1))) : formatCount(now);
  setText(byId('rate'), rate);
  if (document.hidden) return;
  draw(byId('rates'), means, RATES_MAX);
  way.show({ sensors: sensors.all.size, rate, flowing: now > 0, mode: live.mode });
  suggest();
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

live.on(topic, take);
live.on('gap', () => live.counts.records > 0 && way.gap());
live.on('status', ({ mode }) => mode !== 'offline' && unfilled && fill(view.range)); // as with the token that was asked for
setInterval(show, SHOW_EVERY_MS);
setInterval(measure, 1000);
setInterval(() => view.makeRoom(resize), GROW_EVERY_MS);
fill(view.range);
