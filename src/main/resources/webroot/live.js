// The live page: what comes is counted and kept at once, and shown four times a second.
// Everything that comes is data: it goes into the page as text only.
import { byId } from './page/dom.js';
import { openFrame } from './page/frame.js';
import { formatCount, formatValue, texts, translate } from './page/language.js';
import { connect } from './spillway.js';
import { TEXTS } from './live/texts.js';
import { Sources } from './live/sources.js';
import { Stream } from './live/stream.js';
import { draw } from './live/spark.js';

const SHOW_EVERY_MS = 250;
const RATES_MAX = 60;
const RATE_OVER_S = 3; // as long as a turn of polling
const NAMES = ['measurements', 'predictions', 'actions', 'alerts', 'modules'];

const t = texts(TEXTS);
translate(t);
const frame = openFrame();
const sources = new Sources(byId('values'));
const stream = new Stream(byId('stream'), () => pause(true));
const rates = new Array(RATES_MAX).fill(0);
const live = frame.follow(connect({ recent: 50 }));
let topic = 'all';
let paused = false;
let counted = null;

function take(record) {
  sources.take(record);
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
  frame.notice('');
  sources.clear();
  stream.clear();
}

byId('filter-form').addEventListener('submit', (event) => event.preventDefault());
byId('filter').addEventListener('change', () => choose(byId('filter').value.trim() || 'all'));

function pause(wanted) {
  paused = wanted;
  byId('pause').setAttribute('aria-pressed', String(paused));
  byId('pause').textContent = t(paused ? 'resume' : 'pause');
  if (!paused) stream.closeAll();
}

byId('pause').addEventListener('click', () => pause(!paused));

// --- what is shown

function suggest() {
  const known = [...NAMES, ...sources.topics()].slice(0, 100);
  const list = byId('known');
  if (list.childElementCount === known.length) return;
  list.replaceChildren(...known.map((name) => Object.assign(document.createElement('option'), { value: name })));
}

function show() {
  byId('count').textContent = formatCount(live.counts.records);
  byId('cursor').textContent = live.cursor === null ? '–' : formatCount(live.cursor);
  if (paused || document.hidden) return;
  sources.show();
  stream.show();
  byId('empty').hidden = sources.size > 0;
  byId('sources').textContent = formatCount(sources.size);
  byId('sources-note').textContent = sources.left > 0 ? t('sourcesLeft', { count: formatCount(sources.left) }) : t('sourcesNote');
}

function measure() {
  const { records } = live.counts;
  if (counted !== null) rates.push(records - counted); // not those from before the page was opened
  if (rates.length > RATES_MAX) rates.shift();
  if (live.cursor !== null) counted = records;
  const means = rates.slice(RATE_OVER_S - 1).map((_, i) => mean(rates.slice(i, i + RATE_OVER_S)));
  const now = means.at(-1);
  byId('rate').textContent = now < 10 ? formatValue(Number(now.toFixed(1))) : formatCount(now);
  if (!document.hidden) draw(byId('rates'), means, { fromZero: true, filled: true });
  suggest();
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

live.on(topic, take);
setInterval(show, SHOW_EVERY_MS);
setInterval(measure, 1000);
