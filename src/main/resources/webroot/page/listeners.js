// Who wants to know.
export class Listeners {
  #listeners = new Map();

  /** @param {string} event @param {(detail: any) => void} listener */
  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, []);
    this.#listeners.get(event).push(listener);
    return this;
  }

  /** A listener's fault ends nothing but itself. */
  tell(event, detail) {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        listener(detail);
      } catch (error) {
        console.error(error);
      }
    }
  }
}
