// The parts of the picture: nodes, the links between them, and what is written beside a broken one.
import { element, setText, svg } from '../page/dom.js';
import { SIGNS, cureOf, faultTitle, isBroken, perSecond, t, time } from './words.js';

const SHAPES = {
  broker: () => [
    svg('circle', { cx: 16, cy: 17, r: 3 }),
    svg('path', { d: 'M9.6 23.4a9 9 0 0 1 0-12.8M22.4 10.6a9 9 0 0 1 0 12.8M6 27a14 14 0 0 1 0-20M26 7a14 14 0 0 1 0 20' }),
  ],
  tank: () => [
    svg('rect', { class: 'body', x: 6, y: 4, width: 20, height: 25, rx: 3.5 }),
    svg('rect', { class: 'level', x: 7.2, width: 17.6, rx: 2 }),
    svg('path', { d: 'M6 10h3M6 16.5h3M6 23h3' }),
  ],
  journal: () => [
    svg('path', { class: 'body', d: 'M7 5h14l5 5v18H7z' }),
    svg('path', { d: 'M21 5v5h5M11 14h10M11 18.5h10M11 23h6' }),
  ],
  plugs: () => [
    svg('rect', { class: 'body', x: 5, y: 7, width: 22, height: 8, rx: 2 }),
    svg('rect', { class: 'body', x: 5, y: 18, width: 22, height: 8, rx: 2 }),
    svg('path', { d: 'M9 11h.1M9 22h.1M14 11h9M14 22h9' }),
  ],
  database: () => [
    svg('path', { class: 'body', d: 'M6 9v15c0 2.5 4.5 4 10 4s10-1.5 10-4V9' }),
    svg('ellipse', { class: 'body', cx: 16, cy: 9, rx: 10, ry: 4 }),
    svg('path', { d: 'M6 16.5c0 2.5 4.5 4 10 4s10-1.5 10-4' }),
  ],
  screen: () => [
    svg('rect', { class: 'body', x: 4, y: 6, width: 24, height: 16, rx: 2 }),
    svg('path', { d: 'M12 27h8M16 22v5M9 17l4-5 4 3 5-6' }),
  ],
  air: () => [svg('path', { d: 'M5 12h14a4 4 0 1 0-4-4M5 17h19a4 4 0 1 1-4 4M5 22h8a3 3 0 1 1-3 3' })],
};

/** A thing in the way: picture, name, and a line or two about it. */
export class Part {
  #name = element('b');
  #note = element('small');
  #warn = element('small', 'warn');
  #level = null;

  constructor(shape) {
    const drawing = svg('svg', { viewBox: '0 0 32 32', 'aria-hidden': 'true' }, ...SHAPES[shape]());
    this.#level = drawing.querySelector('.level');
    this.node = element('div', 'node', drawing, this.#name, this.#note, this.#warn);
  }

  show(state, name, note = '', warn = '') {
    this.node.dataset.state = state;
    setText(this.#name, name);
    setText(this.#note, note);
    setText(this.#warn, warn);
    return this;
  }

  /** @param {number} share of the tank that is full, 0 to 1 */
  fill(share) {
    const height = 22.6 * Math.min(1, Math.max(0, share));
    this.#level.setAttribute('y', String(27.8 - height));
    this.#level.setAttribute('height', String(height));
  }
}

/** A link, on which dashes run as fast as records do. */
export class Pipe {
  #rate = element('span', 'rate');
  #turn = '';

  constructor() {
    const y = { y1: '50%', y2: '50%' };
    const drawing = svg(
      'svg',
      { 'aria-hidden': 'true' },
      svg('line', { class: 'bed', x1: 3, x2: '97%', ...y }),
      svg('line', { class: 'dash', x1: 3, x2: '97%', ...y }),
    );
    const cross = element('i', 'cross', '✕');
    cross.setAttribute('aria-hidden', 'true');
    this.node = element('div', 'pipe', drawing, this.#rate, cross);
  }

  show(state, records) {
    this.node.dataset.state = state;
    this.node.toggleAttribute('data-still', !(records > 0.05));
    setText(this.#rate, records === null ? '' : perSecond(records));
    // In steps, as a changed speed makes the dashes jump.
    const turn = `${(1.8 / (1 + Math.round(2 * Math.log10(1 + (records ?? 0))))).toFixed(2)}s`;
    if (turn !== this.#turn) this.node.style.setProperty('--turn', turn);
    this.#turn = turn;
  }
}

/** What is wrong with a stage and what to do about it, or what was wrong last. */
export class Trouble {
  #title = element('strong');
  #cure = element('p');
  #words = element('small');
  #since = element('small');
  #open = element('div', 'trouble', this.#title, this.#cure, this.#words, this.#since);
  #mended = element('p', 'mended');
  node = element('div', '', this.#open, this.#mended);

  constructor() {
    this.#words.lang = 'en';
  }

  /** Of several stages that of the first broken one, or the last mended. */
  show(stages) {
    const broken = stages.find(isBroken);
    this.#open.hidden = !broken;
    if (broken) {
      setText(this.#title, faultTitle(broken));
      setText(this.#cure, cureOf(broken.fault));
      setText(this.#words, broken.fault.reason);
      setText(this.#since, t('since', { time: time(broken.fault.since) }));
    }
    const [last] = stages.filter((one) => one.fault?.until).sort((a, b) => (a.fault.until < b.fault.until ? 1 : -1));
    this.#mended.hidden = Boolean(broken) || !last;
    if (last) {
      const { since, until } = last.fault;
      setText(this.#mended, t('mended', { from: time(since), to: time(until), fault: faultTitle(last) }));
    }
  }
}

/** A sign and a word for a state. */
export function showWord(node, state, word = t(state)) {
  node.dataset.state = state;
  setText(node, `${SIGNS[state]} ${word}`);
}
