// In one line: who sends, through what it comes, how much, and whether anything was lost. What /health
// knows of the way, as far as this server sees it.
import { element, setText, svg } from '../page/dom.js';
import { formatCount, formatShort } from '../page/language.js';
import { clock } from './view.js';

const LOOK_EVERY_MS = 4000;
const FAULT_MAX = 120;

export class Way {
  #place;
  #t;
  #health = { roles: [], faults: [], status: '' };
  #gaps = 0;

  /** @param {HTMLAnchorElement} place leads to the whole way, if the frame knows that page @param {(key: string, values?: object) => string} t */
  constructor(place, t) {
    this.#place = place;
    this.#t = t;
    if (document.querySelector('header nav a[href="pipeline"]')) place.href = 'pipeline';
    else place.setAttribute('role', 'img');
    const picture = element('span', 'picture');
    picture.setAttribute('aria-hidden', 'true');
    place.append(picture, element('span', 'words'), element('span', 'verdict'));
    this.#look();
    setInterval(() => document.hidden || this.#look(), LOOK_EVERY_MS);
  }

  /** Records are gone from the journal that this page wanted. */
  gap() {
    this.#gaps++;
  }

  /** @param {{sensors: number, rate: string, flowing: boolean, mode: string}} seen by this page */
  show({ sensors, rate, flowing, mode }) {
    const { hops, verdict, kind } = this.#judge(mode);
    const names = [this.#t('way_sensors', { count: formatCount(sensors) }), ...hops.map((hop) => this.#t(`way_${hop}`)), this.#t('way_you')];
    this.#draw(names);
    this.#place.dataset.flowing = String(flowing && mode !== 'offline');
    this.#place.dataset.verdict = kind;
    const [, words, said] = this.#place.children;
    setText(words, this.#t('way_rate', { rate }));
    setText(said, verdict);
    const told = `${names.join(' → ')}: ${words.textContent}, ${verdict}.`;
    this.#place.setAttribute('aria-label', this.#place.href ? `${told} ${this.#t('way_open')}` : told);
  }

  #draw(names) {
    const picture = /** @type {SVGElement} */ (this.#place.firstElementChild);
    const known = names.join('\n');
    if (picture.dataset.names === known) return;
    picture.dataset.names = known;
    picture.replaceChildren(...names.flatMap((name, i) => (i === 0 ? [hop(name)] : [arrow(), hop(name)])));
  }

  #judge(mode) {
    const roles = this.#health.roles;
    const has = (role) => roles.some((one) => one.role === role);
    const sum = (counter) => roles.reduce((total, one) => total + (Number(one[counter]) || 0), 0);
    const hops = [...(has('source') ? ['broker'] : []), ...(has('batcher') ? ['spool'] : []), 'server'];
    const waiting = sum('queued');
    const [fault] = this.#health.faults;
    if (mode === 'offline') return { hops, kind: 'bad', verdict: this.#t('way_offline') };
    if (fault) return { hops, kind: 'bad', verdict: String(fault).slice(0, FAULT_MAX) };
    if (sum('dropped') > 0) return { hops, kind: 'bad', verdict: this.#t('way_dropped', { count: formatCount(sum('dropped')) }) };
    if (this.#gaps > 0) return { hops, kind: 'fair', verdict: this.#t('way_gap') };
    if (waiting > 2000) return { hops, kind: 'fair', verdict: this.#t('way_waiting', { count: formatShort(waiting) }) };
    return { hops, kind: 'good', verdict: this.#t('way_good') };
  }

  async #look() {
    try {
      const answer = await fetch('health', { cache: 'no-store', signal: AbortSignal.timeout(LOOK_EVERY_MS) });
      const health = await answer.json(); // of 503, too
      this.#health = { ...health, roles: health.roles ?? [], faults: health.faults ?? [] };
      clock.set(Date.parse(health.timestamp));
    } catch {
      // the light in the frame tells
    }
  }
}

function hop(name) {
  return element('span', 'hop', name);
}

function arrow() {
  return svg('svg', { class: 'arrow', viewBox: '0 0 34 10' }, svg('path', { d: 'M1 5h30m-4-4 4 4-4 4' }), svg('circle', { r: 2.2, cy: 5, cx: 3 }));
}
