// The panel of one room: its score, alerts and what to do, and a chart of each quantity. Beside the
// plan on a wide screen, over it on a small one.
import { byId, element, setText } from '../page/dom.js';
import { formatAge, formatTime, language } from '../page/language.js';
import { QUANTITIES } from '../page/records.js';
import { minutesTo } from './box.js';
import { QuantityCard } from './card.js';
import { alertText, factsOf, siteName, t } from './facts.js';
import { measurementsOf, pointOf } from './history.js';

const WIDE = matchMedia('(min-width: 70rem)');
const ALERTS_MAX = 10;
const EARLY_MAX = 1000;

export class Panel {
  #dialog = byId('panel');
  #room = null;
  #cards = new Map();
  #early = null; // what comes while the history is on its way
  #limits = {};
  #back = null;
  #missed = false; // its history could not be had

  constructor() {
    byId('panel-close').addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('close', () => this.#closed());
    this.#dialog.addEventListener('click', ({ target }) => target === this.#dialog && this.#dialog.close());
    this.#dialog.addEventListener('keydown', ({ key }) => key === 'Escape' && this.#dialog.close());
    WIDE.addEventListener('change', () => this.#refit());
  }

  /** @param {object} thresholds of the server's /config */
  set limits(thresholds) {
    this.#limits = thresholds;
    for (const card of this.#cards.values()) card.limits = thresholds;
  }

  /** The room that it shows, or null. */
  get room() {
    return this.#room;
  }

  /** Shows a room, with the focus on its name; it goes back where it was after that. */
  async open(room) {
    if (!this.#room) this.#back = document.activeElement;
    this.#clear();
    this.#room = room;
    if (!this.#dialog.open) this.#place();
    setText(byId('panel-room'), room.name);
    setText(byId('panel-site'), siteName(room.site));
    setText(byId('panel-note'), '');
    this.show();
    byId('panel-room').focus();
    await this.load();
  }

  #place() {
    document.querySelector('main').classList.toggle('with-panel', WIDE.matches);
    if (WIDE.matches) this.#dialog.show();
    else this.#dialog.showModal();
  }

  // The screen was turned, say: beside the plan where it was over it, or the other way.
  #refit() {
    if (!this.#dialog.open || this.#dialog.matches(':modal') !== WIDE.matches) return;
    this.#dialog.close();
    this.#place();
    byId('panel-room').focus();
  }

  /** Gets the history of its room (again). */
  async load() {
    const room = this.#room;
    if (!room) return;
    this.#early = [];
    this.#missed = false;
    let points = [];
    try {
      points = await measurementsOf(room);
      if (room === this.#room) setText(byId('panel-note'), points.length === 0 ? t('noMeasurements') : '');
    } catch (error) {
      this.#missed = true;
      if (room === this.#room) setText(byId('panel-note'), t('noHistory', { reason: error.message }));
    }
    if (room !== this.#room) return; // another one was opened
    const last = points.at(-1)?.offset ?? 0;
    const all = [...points, ...this.#early.filter(({ offset }) => !(offset <= last))];
    this.#early = null;
    for (const { label } of QUANTITIES) {
      const own = all.filter(({ readings }) => label in readings).map(({ at, readings }) => ({ x: at, y: readings[label] }));
      if (own.length > 0) this.#card(label).begin(own);
    }
    this.show();
  }

  /** The server answers again, so what could not be had may be had now. */
  retry() {
    if (this.#missed) this.load();
  }

  /** The room as it is in another journal; closed if it is not there. */
  renew(rooms) {
    if (!this.#room) return;
    const room = rooms.get(this.#room.key);
    if (room) this.open(room);
    else this.#dialog.close();
  }

  /** A measurement of its room has come. */
  take(record) {
    const point = pointOf(record);
    if (point.at === null) return;
    if (this.#early) {
      if (this.#early.length < EARLY_MAX) this.#early.push(point);
      return;
    }
    for (const [label, y] of Object.entries(point.readings)) this.#card(label).add({ x: point.at, y });
  }

  /** As it is now. */
  show() {
    const room = this.#room;
    if (!room) return;
    const { score, band, word, stale, ahead, arrow, alerts } = factsOf(room);
    this.#dialog.dataset.band = band;
    setText(byId('panel-score'), score === null ? '–' : String(score));
    setText(byId('panel-word'), stale ? `${word}, ${t('stale')}` : word);
    setText(byId('panel-ahead'), ahead ? `${arrow} ${t('in30', { minutes: minutesTo(ahead.at), value: ahead.score })}` : '');
    setText(byId('panel-age'), room.measuredAt === null ? '' : formatAge(Math.max(0, Date.now() - room.measuredAt)));
    this.#say(alerts.slice(0, ALERTS_MAX));
    for (const [label, card] of this.#cards) card.show(room.values.get(label), room.predictions.get(label));
  }

  #say(alerts) {
    const list = byId('panel-alerts');
    const said = JSON.stringify(alerts);
    if (list.dataset.said === said) return;
    list.dataset.said = said;
    list.replaceChildren(...(alerts.length > 0 ? alerts.map(alertItem) : [element('li', 'none', t('noAlerts'))]));
  }

  #card(label) {
    let card = this.#cards.get(label);
    if (!card) {
      card = new QuantityCard(label);
      this.#cards.set(label, card);
      const order = QUANTITIES.map((quantity) => quantity.label);
      const next = order.slice(order.indexOf(label) + 1).find((other) => other !== label && this.#cards.has(other));
      byId('panel-charts').insertBefore(card.node, this.#cards.get(next)?.node ?? null);
      card.limits = this.#limits;
    }
    return card;
  }

  #clear() {
    for (const card of this.#cards.values()) card.destroy();
    this.#cards.clear();
    byId('panel-charts').replaceChildren();
    this.#room = this.#early = null;
  }

  #closed() {
    if (this.#dialog.open) return; // in another place
    const key = this.#room?.key;
    this.#clear();
    document.querySelector('main').classList.remove('with-panel');
    const boxes = /** @type {NodeListOf<SVGElement>} */ (document.querySelectorAll('.room'));
    const box = [...boxes].find((one) => one.dataset.key === key);
    (this.#back?.isConnected ? this.#back : box)?.focus();
    this.#back = null;
  }
}

function alertItem(alert) {
  const level = alert.critical ? 'critical' : 'warning';
  const advice = alert.action?.[language] || alert.action?.action;
  const item = element('li', level, element('strong', '', t(level)), ' ', alertText(alert));
  item.append(element('small', '', ` ${t('since', { time: formatTime(alert.since) })}`));
  if (advice) item.append(element('p', '', advice));
  return item;
}
