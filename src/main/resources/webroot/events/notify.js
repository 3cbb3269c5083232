// Notifications of the browser, for when nobody looks at the page: asked for by a click only.
import { setText } from '../page/dom.js';
import { say, t } from './say.js';

const EVERY_MS = 5000;

export class Notify {
  #button;
  #on = false;
  #lastAt = 0;

  /** @param {HTMLButtonElement} button */
  constructor(button) {
    this.#button = button;
    button.hidden = !('Notification' in globalThis && globalThis.isSecureContext);
    button.addEventListener('click', () => this.#toggle());
    this.#show();
  }

  /** @param {import('./feed.js').Event} event */
  show(event) {
    if (!this.#on || !document.hidden || Date.now() - this.#lastAt < EVERY_MS) return;
    this.#lastAt = Date.now();
    try {
      new Notification(event.type, { body: say(event), tag: event.type, icon: 'icon.svg' });
    } catch {
      this.#on = false; // phones have them in service workers only
      this.#show();
    }
  }

  async #toggle() {
    this.#on = !this.#on && (await Notification.requestPermission()) === 'granted';
    this.#show();
  }

  #show() {
    const denied = globalThis.Notification?.permission === 'denied';
    this.#button.setAttribute('aria-pressed', String(this.#on));
    this.#button.disabled = denied;
    setText(this.#button, t(denied ? 'notifyDenied' : 'notify'));
  }
}
