// The digital twin: sites and rooms as a plan. What comes is taken in at once and shown four times a second.
import { byId, element, setText } from './page/dom.js';
import { openFrame } from './page/frame.js';
import { formatCount, translate } from './page/language.js';
import { connect } from './spillway.js';
import { siteName, t } from './twin/facts.js';
import { ask, lookBack } from './twin/history.js';
import { Panel } from './twin/panel.js';
import { Plan } from './twin/plan.js';
import { choose, group, showLegend } from './twin/choice.js';
import { Rooms } from './twin/rooms.js';
import { tabulate } from './twin/table.js';

const SHOW_EVERY_MS = 250;
const ALL_EVERY = 8; // rounds: ages, stale rooms, the table
const TOPICS = ['measurements', 'predictions', 'alerts', 'actions', 'modules'];

translate(t);
const frame = openFrame();
const rooms = new Rooms();
const panel = new Panel();
const open = (key) => {
  const room = rooms.get(key);
  if (room) panel.open(room);
};
const plan = new Plan(byId('plan'), open);
let drawn = -1; // how many rooms were there when they were last arranged
let rounds = 0;
let loaded = false;
let loading = false;

function take(record) {
  const room = rooms.take(record);
  if (room && room === panel.room && /^measurements?$/.test(record.type ?? 'measurement')) panel.take(record);
}

async function load() {
  if (loading) return;
  loading = true;
  try {
    await lookBack(rooms, (record) => rooms.take(record));
    ask('config', {}).then((config) => (panel.limits = config.thresholds ?? {}), () => {});
    loaded = true;
  } catch (error) {
    if (!error.refused) setTimeout(load, 3000);
  } finally {
    loading = false;
    arrange();
  }
}

// --- what is shown

function arrange() {
  drawn = rooms.size;
  const sites = group(rooms.all());
  showSites([...sites.keys()]);
  const chosen = choose(sites, { text: byId('find').value, site: byId('site').value, which: byId('which').value });
  const left = plan.show(chosen);
  const said = [
    left > 0 ? t('moreSites', { count: formatCount(left) }) : '',
    rooms.left > 0 ? t('roomsLeft', { count: formatCount(rooms.left) }) : '',
    chosen.size === 0 && rooms.size > 0 ? t('nothing') : '',
  ];
  setText(byId('rest'), said.filter(Boolean).join(' '));
  byId('empty').hidden = rooms.size > 0 || !loaded;
  byId('controls').hidden = byId('tabular').hidden = rooms.size === 0;
  count(sites.size);
  table([...chosen.values()].flat());
}

function count(sites) {
  const all = rooms.all();
  setText(byId('rooms'), formatCount(all.length));
  setText(byId('sites-note'), sites === 1 ? t('inSite') : t('inSites', { count: formatCount(sites) }));
  setText(byId('alerts'), formatCount(all.reduce((sum, room) => sum + room.alerts().length, 0)));
  showLegend(byId('legend'), all);
}

function table(chosen) {
  if (!byId('tabular').open) return;
  const left = tabulate(byId('table'), chosen, open);
  setText(byId('table-rest'), left > 0 ? t('tableLeft', { count: formatCount(chosen.length - left) }) : '');
}

function showSites(sites) {
  const select = byId('site');
  if (select.options.length === sites.length + 1) return;
  const was = select.value;
  const option = (value, text) => Object.assign(element('option', '', text), { value });
  select.replaceChildren(option('*', t('allSites')), ...sites.map((site) => option(`=${site}`, siteName(site))));
  if (was) select.value = was;
  if (select.selectedIndex < 0) select.value = '*';
}

function show() {
  if (document.hidden) return;
  const all = ++rounds % ALL_EVERY === 0;
  const changed = rooms.changes();
  if (rooms.size !== drawn || all) arrange();
  if (all) plan.refresh();
  else if (changed.size > 0) plan.refresh(changed);
  if (all || changed.has(panel.room)) panel.show();
}

const live = frame.follow(connect());
for (const topic of TOPICS) live.on(topic, take);
live.on('gap', async ({ reset }) => {
  if (reset) rooms.clear();
  await load();
  if (reset) panel.renew(rooms);
  else panel.load();
});
live.on('open', () => {
  if (!loaded) load();
  panel.retry();
});
byId('controls').addEventListener('input', arrange);
byId('controls').addEventListener('submit', (event) => event.preventDefault());
byId('tabular').addEventListener('toggle', arrange);
setText(byId('curl'), `curl -d '{"enseigne":"Maison","salle":"Bureau","sensor_id":"bureau1","co2":645}' ${new URL('api/ingest', document.baseURI)}`);
setInterval(show, SHOW_EVERY_MS);
load();
