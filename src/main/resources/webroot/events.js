// The page of events: what happened, as toasts and as a list. What comes is taken in at once and shown
// four times a second.
import { byId, element, setText } from './page/dom.js';
import { openFrame } from './page/frame.js';
import { formatCount, translate } from './page/language.js';
import { remember, remembered } from './page/memory.js';
import { connect } from './spillway.js';
import { getJson } from './spillway/polling.js';
import { tokenOfPage } from './spillway/token.js';
import { Feed } from './events/feed.js';
import { List } from './events/list.js';
import { Notify } from './events/notify.js';
import { t } from './events/say.js';
import { Toasts } from './events/toasts.js';

const SHOW_EVERY_MS = 250;
const AGES_EVERY = 20; // rounds
const HISTORY_MAX = 500;
const KINDS = ['events', 'alerts', 'actions', 'modules'];
const ALL = '*';

translate(t);
const frame = openFrame();
const feed = new Feed();
const list = new List(byId('list'));
const notify = new Notify(byId('notify'));
const toasts = new Toasts(byId('toasts'), byId('voice'), (type) => chooseType(type));
const chosen = new Set(KINDS.filter((kind) => remembered(`events.${kind}`) !== 'off'));
let toasting = remembered('events.toasts') !== 'off';
let changed = true;
let fresh = new Map(); // by type, the newest since the last round, and how many
let rounds = 0;
let loaded = false;
let loading = false;

function take(record) {
  const event = feed.take(record);
  if (!event) return;
  changed = true;
  if (!chosen.has(event.kind)) return;
  notify.show(event);
  const count = (fresh.get(event.type)?.count ?? 0) + 1;
  if (count > 1 || fresh.size < 50) fresh.set(event.type, { event, count });
}

async function load() {
  if (loading) return;
  loading = true;
  try {
    const url = new URL(`api/records?topic=events&limit=${HISTORY_MAX}`, document.baseURI);
    const { records } = await getJson(fetch.bind(globalThis), url, tokenOfPage());
    for (const record of records.reverse()) feed.take(record);
    loaded = true;
  } catch (error) {
    if (!error.refused) setTimeout(load, 3000);
  } finally {
    loading = false;
    changed = true;
  }
}

// --- what is chosen

function chooseType(type) {
  byId('type').value = `=${type}`;
  if (byId('type').selectedIndex < 0) byId('type').value = ALL;
  changed = true;
}

function kindButton(kind) {
  const button = element('button', '', element('span', '', t(kind)), ' ', element('small'));
  button.type = 'button';
  button.dataset.kind = kind;
  button.addEventListener('click', () => {
    if (!chosen.delete(kind)) chosen.add(kind);
    remember(`events.${kind}`, chosen.has(kind) ? null : 'off');
    changed = true;
    show();
  });
  return button;
}

function toast(wanted) {
  toasting = wanted;
  remember('events.toasts', wanted ? null : 'off');
  byId('toasting').setAttribute('aria-pressed', String(wanted));
  if (!wanted) toasts.clear();
}

// --- what is shown

function showTypes() {
  const select = byId('type');
  const known = [...feed.types].sort(([a], [b]) => a.localeCompare(b));
  const was = select.value || ALL;
  const options = [[ALL, t('allTypes')], ...known.map(([type, count]) => [`=${type}`, `${type} (${formatCount(count)})`])];
  while (select.options.length > options.length) select.lastElementChild.remove();
  while (select.options.length < options.length) select.append(element('option'));
  options.forEach(([value, text], i) => {
    select.options[i].value = value;
    setText(select.options[i], text);
  });
  select.value = was;
  if (select.selectedIndex < 0) select.value = ALL;
}

function showKinds() {
  for (const button of byId('kinds').children) {
    const { kind } = button.dataset;
    button.setAttribute('aria-pressed', String(chosen.has(kind)));
    setText(button.lastElementChild, formatCount(feed.kinds.get(kind) ?? 0));
  }
}

function showList() {
  const type = byId('type').value;
  const events = feed.events.filter((event) => chosen.has(event.kind) && (type === ALL || type === `=${event.type}`));
  list.show(events);
  byId('list').hidden = events.length === 0;
  byId('empty').hidden = feed.total > 0 || !loaded;
  byId('none').hidden = events.length > 0 || feed.total === 0;
  const limit = formatCount(HISTORY_MAX);
  setText(byId('none'), t('nothing', { count: limit }));
  const all = feed.events.length;
  const part = events.length < all ? `${t('shown', { count: formatCount(events.length), all: formatCount(all) })} · ` : '';
  setText(byId('list-note'), part + t('listNote', { count: limit }));
}

function show() {
  if (fresh.size > 0 && toasting && !document.hidden) fresh.forEach(({ event, count }) => toasts.show(event, count));
  if (fresh.size > 0) fresh = new Map();
  if (document.hidden) return;
  if (++rounds % AGES_EVERY === 0) list.age();
  if (!changed) return;
  changed = false;
  showTypes();
  showKinds();
  showList();
}

const live = frame.follow(connect());
live.on('events', take);
live.on('gap', ({ reset }) => {
  if (reset) feed.clear();
  load();
});
live.on('open', () => {
  if (!loaded) load();
});
byId('kinds').append(...KINDS.map(kindButton));
byId('type').addEventListener('change', () => (changed = true));
byId('controls').addEventListener('submit', (event) => event.preventDefault());
byId('toasting').addEventListener('click', () => toast(!toasting));
setText(byId('curl'), `curl -d '{"type":"tour.availability.low","data":{"availableSeats":3}}' ${new URL('api/ingest', document.baseURI)}`);
toast(toasting);
setInterval(show, SHOW_EVERY_MS);
load();
