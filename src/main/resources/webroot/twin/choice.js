// Which rooms are shown, in which order, and how many there are of each colour.
import { element, setText } from '../page/dom.js';
import { formatCount, language } from '../page/language.js';
import { siteName, t } from './facts.js';
import { BANDS, bandOf } from './room.js';

const order = new Intl.Collator(language, { numeric: true }).compare;

/** Rooms by site, both in the order of their names. @returns {Map<string, import('./room.js').Room[]>} */
export function group(rooms) {
  const sites = new Map();
  const sorted = [...rooms].sort((a, b) => order(a.site, b.site) || order(a.name, b.name));
  for (const room of sorted) {
    const known = sites.get(room.site);
    if (known) known.push(room);
    else sites.set(room.site, [room]);
  }
  return sites;
}

/** Those that are looked for: by a text in site or room, in one site, or only where something is wrong. */
export function choose(sites, { text, site, which }) {
  const words = text.trim().toLocaleLowerCase();
  const chosen = new Map();
  for (const [name, rooms] of sites) {
    if (site.startsWith('=') && site !== `=${name}`) continue;
    const all = siteName(name).toLocaleLowerCase().includes(words);
    const found = rooms.filter(
      (room) => (all || room.name.toLocaleLowerCase().includes(words)) && (which !== 'attention' || needsAttention(room)),
    );
    if (found.length > 0) chosen.set(name, found);
  }
  return chosen;
}

function needsAttention(room) {
  return room.isStale() || room.alerts().length > 0 || bandOf(room.score()) !== 'good';
}

/** The colours with their words, from which score on, and how many rooms have them. */
export function showLegend(list, rooms) {
  if (list.childElementCount === 0) list.append(...Object.keys(BANDS).map(bandItem), item('none', t('none')), item('stale', t('stale')));
  const counts = { good: 0, fair: 0, poor: 0, none: 0, stale: 0 };
  for (const room of rooms) {
    counts[bandOf(room.score())]++;
    if (room.isStale()) counts.stale++;
  }
  for (const one of list.children) {
    const count = counts[one.dataset.band];
    setText(one.querySelector('b'), formatCount(count));
    one.hidden = count === 0 && ['none', 'stale'].includes(one.dataset.band);
  }
}

function bandItem(band, i, bands) {
  const to = i === 0 ? 100 : BANDS[bands[i - 1]] - 1;
  return item(band, t(band), t('from', { from: BANDS[band], to }));
}

function item(band, word, note = '') {
  const made = element('li', '', element('i'), element('b', '', '0'), ' ', word, ' ', element('small', '', note));
  made.dataset.band = band;
  return made;
}
