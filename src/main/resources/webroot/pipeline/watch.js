// Asks for the picture again and again; speaks to the frame of the page as a client of spillway.js does.
import { keepToken, tokenOfPage } from '../spillway/token.js';

const EVERY_MS = 1000;
const TIMEOUT_MS = 6000;

export class Watch {
  counts = { records: 0 };
  mode = 'offline';
  /** @type {Record<string, any>} */
  query = {};
  #token = tokenOfPage();
  #listeners = {};
  #timer = null;
  #running = false;

  on(event, listener) {
    (this.#listeners[event] ??= []).push(listener);
    return this;
  }

  setToken(token) {
    this.#token = token || null;
    keepToken(this.#token);
    this.now();
  }

  /** Asks at once, and then every second; a hidden page does not ask. */
  now() {
    clearTimeout(this.#timer);
    if (this.#running) return;
    this.#running = true;
    this.#ask()
      .then((again) => {
        this.#running = false;
        clearTimeout(this.#timer);
        if (again) this.#timer = setTimeout(() => this.now(), EVERY_MS);
      });
  }

  async #ask() {
    if (document.hidden) return true;
    try {
      const headers = this.#token ? { Authorization: `Bearer ${this.#token}` } : {};
      const path = `api/pipeline?${new URLSearchParams(this.query)}`;
      const answer = await fetch(path, { headers, cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (answer.status === 401) {
        this.#become('offline');
        this.#tell('error', { reason: (await answer.json()).error, fatal: true });
        return false;
      }
      if (!answer.ok) throw new Error(`${answer.status}`);
      const picture = await answer.json();
      if (this.mode !== 'websocket') this.#tell('open', {});
      this.#become('websocket');
      this.#tell('picture', picture);
    } catch (error) {
      this.#become('offline');
      this.#tell('lost', { reason: error.message });
    }
    return true;
  }

  #become(mode) {
    if (mode === this.mode) return;
    this.mode = mode;
    this.#tell('status', { mode });
  }

  #tell(event, detail) {
    for (const listener of this.#listeners[event] ?? []) listener(detail);
  }
}
