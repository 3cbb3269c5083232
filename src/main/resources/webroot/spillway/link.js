// One WebSocket, from the attempt to its end.

/** A link ends once: closed by either side, not open in time, or silent for too long. */
export class Link {
  #socket;
  #handlers;
  #openMs;
  #heardAt = Date.now();
  #ended = false;
  #openTimer;
  #probeTimer;
  #watch;

  /**
   * @param {object} setup
   * @param {string} setup.url
   * @param {typeof WebSocket} setup.WebSocket
   * @param {number} setup.openMs it has failed unless {@link ready} is called within this time
   * @param {() => number} setup.silenceMs nothing heard for this long: it is dead
   * @param {{message: (message: any) => void, end: (code: number, reason: string) => void}} handlers
   */
  constructor({ url, WebSocket, openMs, silenceMs }, handlers) {
    this.#handlers = handlers;
    this.#openMs = openMs;
    this.#socket = new WebSocket(url);
    this.#socket.onmessage = ({ data }) => this.#received(data);
    this.#socket.onclose = ({ code, reason }) => this.#end(code, reason);
    this.#socket.onerror = () => {}; // a close follows, and says as much as a page may know
    this.#openTimer = setTimeout(() => this.#end(1006, `not open within ${openMs} ms`), openMs);
    this.#watch = setInterval(() => this.#lookAt(silenceMs()), 1000);
  }

  /** The server has answered: it is no longer on trial. */
  ready() {
    clearTimeout(this.#openTimer);
  }

  /** @param {object} command */
  send(command) {
    if (this.#socket.readyState === 1) this.#socket.send(JSON.stringify(command));
  }

  /** Asks for a sign of life, when there is reason to doubt: the network changed, the page was asleep. */
  probe() {
    if (this.#probeTimer) return;
    this.send({ type: 'ping' });
    this.#probeTimer = setTimeout(() => this.#end(1006, 'no answer to a ping'), this.#openMs);
  }

  /** Ends it from here; its handlers hear nothing more. */
  close() {
    this.#handlers = { message() {}, end() {} };
    this.#end(1000, '');
  }

  #received(data) {
    if (this.#ended) return;
    this.#heardAt = Date.now();
    clearTimeout(this.#probeTimer);
    this.#probeTimer = undefined;
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      message = undefined; // told below
    }
    this.#handlers.message(message);
  }

  #lookAt(silenceMs) {
    if (Date.now() - this.#heardAt > silenceMs) this.#end(1006, `nothing heard for ${silenceMs} ms`);
  }

  #end(code, reason) {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#openTimer);
    clearTimeout(this.#probeTimer);
    clearInterval(this.#watch);
    this.#socket.close(); // on a dead network its own close event comes much later
    this.#handlers.end(code, reason);
  }
}
