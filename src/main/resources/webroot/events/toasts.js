// Events as they come, in the corner: one toast for each type, which counts, a few at a time, for a
// while. They take no focus; the clock stands still while somebody points at them. A screen reader
// hears of them now and then, and never a flood.
import { element, setText } from '../page/dom.js';
import { formatCount } from '../page/language.js';
import { say, t } from './say.js';

const TOASTS_MAX = 4;
const LIFE_MS = 8000;
const TICK_MS = 500;
const SPEAK_EVERY_MS = 4000;

export class Toasts {
  #root;
  #voice;
  #choose;
  /** @type {Map<string, {node: HTMLElement, left: number, count: number}>} by type, the oldest first */
  #toasts = new Map();
  #held = false;
  #unsaid = 0;
  #saidAt = 0;
  #last = null;

  /**
   * @param {HTMLElement} root @param {HTMLElement} voice the aria-live region
   * @param {(type: string) => void} choose when a toast is clicked
   */
  constructor(root, voice, choose) {
    this.#root = root;
    this.#voice = voice;
    this.#choose = choose;
    const hold = () => (this.#held = root.matches(':hover, :focus-within'));
    for (const name of ['pointerenter', 'pointerleave', 'focusin']) root.addEventListener(name, hold);
    root.addEventListener('focusout', () => queueMicrotask(hold));
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** @param {import('./feed.js').Event} event @param {number} count as many of its type at once */
  show(event, count = 1) {
    const known = this.#toasts.get(event.type);
    const toast = known ?? this.#add(event);
    toast.count += count;
    toast.left = LIFE_MS;
    setText(toast.node.querySelector('.line'), say(event));
    setText(toast.node.querySelector('.count'), toast.count > 1 ? t('times', { count: formatCount(toast.count) }) : '');
    this.#unsaid += count;
    this.#last = event;
  }

  clear() {
    for (const type of [...this.#toasts.keys()]) this.#remove(type);
  }

  #add(event) {
    const close = element('button', 'close', '✕');
    close.setAttribute('aria-label', t('dismiss', { type: event.type }));
    const body = element('button', 'body', element('b', '', event.type), ' ', element('span', 'count'), element('span', 'line'));
    for (const button of [close, body]) button.type = 'button';
    const node = element('div', 'toast', body, close);
    node.dataset.kind = event.kind;
    close.addEventListener('click', () => this.#remove(event.type));
    body.addEventListener('click', () => this.#choose(event.type));
    const toast = { node, left: LIFE_MS, count: 0 };
    this.#toasts.set(event.type, toast);
    this.#root.append(node);
    if (this.#toasts.size > TOASTS_MAX) this.#remove(this.#toasts.keys().next().value);
    return toast;
  }

  #remove(type) {
    this.#toasts.get(type)?.node.remove();
    this.#toasts.delete(type);
    this.#held = this.#root.matches(':hover, :focus-within');
  }

  #tick() {
    this.#speak();
    if (this.#held || document.hidden) return;
    for (const [type, toast] of this.#toasts) {
      toast.left -= TICK_MS;
      if (toast.left <= 0) this.#remove(type);
    }
  }

  #speak() {
    if (this.#unsaid === 0 || Date.now() - this.#saidAt < SPEAK_EVERY_MS) return;
    const more = this.#unsaid > 1 ? `, ${t('andMore', { count: formatCount(this.#unsaid - 1) })}` : '';
    setText(this.#voice, `${this.#last.type}: ${say(this.#last)}${more}`);
    this.#unsaid = 0;
    this.#saidAt = Date.now();
  }
}
