// The whole way as a picture. All that comes is data: it goes into the page as text only.
import { byId, setText } from './page/dom.js';
import { openFrame } from './page/frame.js';
import { formatCount, formatDuration, formatShort, formatTime, translate } from './page/language.js';
import { Lane } from './pipeline/lane.js';
import { Server } from './pipeline/server.js';
import { fillTable } from './pipeline/table.js';
import { judge, verdict } from './pipeline/verdict.js';
import { Watch } from './pipeline/watch.js';
import { SIGNS, balance, ledgerText, rate, t } from './pipeline/words.js';

const AT_FIRST = 8;
const MOST = 200;
const FILTER_FROM = 6;

translate(t);
const frame = openFrame();
const watch = new Watch();
const server = new Server(byId('server'), byId('outs'));
const lanes = new Map();
let limit = AT_FIRST;
let last = null;

// --- figures

function figures({ totals }) {
  const { queue, ledger, states, etaSeconds, unbalanced } = totals;
  setText(byId('rate'), rate(totals.inPerSecond));
  setText(byId('rate-note'), t('rateNote'));
  setText(byId('waiting'), formatShort(queue.records));
  setText(byId('waiting-note'), waitingNote(queue.records, etaSeconds));
  setText(byId('edges'), formatCount(totals.edges));
  setText(byId('edges-note'), edgesNote(states, totals.edges));
  byId('ledger').parentElement.dataset.state = unbalanced === 0 ? 'ok' : 'failing';
  byId('ledger').parentElement.title = ledgerText(ledger);
  setText(byId('ledger'), unbalanced > 0 && ledger.difference === 0 ? SIGNS.failing : balance(ledger));
  setText(byId('ledger-note'), t(unbalanced === 0 ? 'ledgerShort' : 'ledgerLost', { received: formatShort(ledger.received), count: unbalanced }));
}

function waitingNote(records, etaSeconds) {
  if (records === 0) return t('waitingNone');
  if (etaSeconds === null) return t('waitingGrowing');
  return etaSeconds === 0 ? t('waitingFew') : t('waitingEta', { time: formatDuration(etaSeconds * 1000) });
}

function edgesNote(states, edges) {
  const parts = [
    ['failing', 'edgesSick'],
    ['degraded', 'edgesBehind'],
    ['silent', 'edgesSilent'],
  ];
  const said = parts.filter(([state]) => states[state] > 0).map(([state, key]) => t(key, { count: states[state] }));
  return said.length > 0 || edges === 0 ? said.join(', ') : t('edgesWell');
}

// --- the picture

function draw(picture) {
  const now = new Map();
  for (const edge of picture.edges) {
    const key = `${edge.edge} ${edge.epoch}`;
    const lane = lanes.get(key) ?? new Lane();
    lane.show(edge);
    now.set(key, lane);
  }
  place([...now.values()].map((lane) => lane.node));
  lanes.clear();
  now.forEach((lane, key) => lanes.set(key, lane));
  server.show(picture.server.stages);
  byId('nobody').hidden = picture.edges.length > 0;
  const left = picture.matching - picture.edges.length;
  byId('more').hidden = left <= 0 || limit >= MOST;
  setText(byId('more'), t('more', { count: formatCount(left) }));
  if (picture.totals.edges >= FILTER_FROM) byId('filter-form').hidden = false;
}

// Moves only what is not where it belongs: a node that is moved begins its animation anew.
function place(nodes) {
  const home = byId('lanes');
  nodes.forEach((node, i) => {
    if (home.children[i] !== node) home.insertBefore(node, home.children[i] ?? null);
  });
  while (home.childElementCount > nodes.length) home.lastElementChild.remove();
}

function table() {
  if (last && byId('facts').open) fillTable(byId('table'), last);
}

watch.on('picture', (picture) => {
  last = picture;
  watch.counts.records += 1;
  byId('picture').classList.remove('stale');
  judge(picture);
  figures(picture);
  draw(picture);
  table();
  setText(byId('seen'), t('seen', { time: formatTime(Date.parse(picture.timestamp)) }));
});

watch.on('lost', () => {
  byId('picture').classList.add('stale');
  verdict('failing', t('lostTitle'), last ? t('lostText', { time: formatTime(Date.parse(last.timestamp)) }) : '');
});

watch.on('error', () => verdict('unknown', t('refusedTitle')));

// --- what is chosen

function ask() {
  const part = byId('filter').value.trim();
  watch.query = part ? { limit, edge: part } : { limit };
  watch.now();
}

byId('filter-form').addEventListener('submit', (event) => event.preventDefault());
byId('filter').addEventListener('input', ask);
byId('facts').addEventListener('toggle', table);
byId('more').addEventListener('click', () => {
  limit = Math.min(MOST, limit * 4);
  ask();
});

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) watch.now();
});
verdict('unknown', t('loading'));
frame.follow(watch);
ask();
