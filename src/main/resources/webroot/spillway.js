// Live records of a Spillway server for a page: a WebSocket, and HTTP polling while that fails.
//
//   import { connect } from '/spillway.js';
//   const live = connect();
//   live.on('measurements', (record) => console.log(record));
//   live.on('pws-packet/+/temp', (record) => console.log(record.temperature));
//
// One cursor, the first offset wanted, goes through both: every record comes once and in order,
// across lost connections, server restarts and changes between the two.
import { Link } from './spillway/link.js';
import { getJson, Poller } from './spillway/polling.js';
import { keepToken, tokenOfPage } from './spillway/token.js';
import { TopicIndex, topicProblem } from './spillway/topics.js';

/**
 * @typedef {object} Options
 * @property {string | URL} [url] the server's base; default: where this module came from
 * @property {string | null} [token] a token of role live
 * @property {number} [recent] begin with so many of the last records; default: with the next one
 * @property {typeof WebSocket} [WebSocket] for programs outside a browser
 * @property {typeof fetch} [fetch]
 * @property {Partial<typeof DEFAULTS>} [timing] milliseconds
 */

/** Milliseconds; pingMs and pollMs are overruled by the server's /config. */
const DEFAULTS = { retryMs: 1000, retryMaxMs: 30_000, openMs: 5000, steadyMs: 5000, pingMs: 30_000, pollMs: 3000 };

const EVENTS = new Set(['open', 'close', 'error', 'status', 'gap']);
const CONTROL = new Set(['connection', 'subscribed', 'unsubscribed', 'gap', 'ping', 'pong', 'error']);
const TOPICS_MAX = 100;
const URL_TOPICS_MAX = 2000; // characters
const PINGS_MISSED = 2.5;
const FAILURES_BEFORE_POLLING = 2;

/**
 * Connects; the first client of a page is `window.wsManager`, too.
 * @param {Options} [options] without a token: that of the page's address, `?token=` or `#token=`
 */
export function connect(options = {}) {
  const client = new LiveClient({ ...options, token: options.token ?? tokenOfPage() });
  globalThis.wsManager ??= client;
  return client.connect();
}

/** A connection to the live records, kept up until {@link LiveClient#disconnect}. */
export class LiveClient {
  #base;
  #token;
  #WebSocket;
  #fetch;
  #timing;
  #recent;
  /** @type {Map<string, Set<Function>>} listeners by event or topic */
  #listeners = new Map();
  #index = new TopicIndex();
  /** @type {number | null} the first offset wanted */
  #cursor = null;
  /** @type {Link | null} */
  #link = null;
  #poller = new Poller((stopped) => this.#poll(stopped), () => this.#timing.pollMs, (error) => this.#pollFailed(error));
  /** @type {'websocket' | 'polling' | 'offline'} */
  #mode = 'offline';
  /** @type {Set<string>} what the server has been told on this link */
  #told = new Set();
  #telling = false;
  #fromNow = false; // the next answer tells where that is
  #afresh = false; // in another journal, whose offsets are not to be compared
  #wanted = false;
  #configured = false; // or about to be
  #everLive = false;
  #failures = 0; // in a row
  #attempts = 0; // since it last was steady
  #liveSince = 0;
  #notBefore = 0;
  #retry;
  #wake = () => this.#woken();

  /** What happened so far, in numbers. */
  counts = { records: 0, repeated: 0, malformed: 0, dials: 0, polls: 0 };

  /** @param {Options} [options] */
  constructor(options = {}) {
    this.#base = new URL(options.url ?? '.', import.meta.url);
    this.#token = options.token ?? null;
    this.#WebSocket = options.WebSocket ?? globalThis.WebSocket;
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
    this.#timing = { ...DEFAULTS, ...options.timing };
    this.#recent = options.recent ?? 0;
  }

  /** @returns {'websocket' | 'polling' | 'offline'} how records come at present */
  get mode() {
    return this.#mode;
  }

  /** True while the WebSocket is open. */
  get isConnected() {
    return this.#mode === 'websocket';
  }

  /** True while the WebSocket is open. */
  isConnectionActive() {
    return this.isConnected;
  }

  /** The topics that are listened to. */
  get subscriptions() {
    return [...this.#listeners.keys()].filter((name) => !EVENTS.has(name));
  }

  /** The first offset wanted; null before anything is known. */
  get cursor() {
    return this.#cursor;
  }

  /**
   * Listens to a topic: `all`, a name such as `measurements`, an event type or an MQTT filter. Or
   * to an event: `open`, `close` {code, reason}, `error` {reason, fatal}, `status` {mode}, `gap` {from, to}.
   * @param {string} name
   * @param {(value: any) => void} listener
   * @throws {TypeError} for what is no topic
   */
  on(name, listener) {
    const topic = !EVENTS.has(name);
    const problem = topic && topicProblem(name);
    if (problem) throw new TypeError(`topic ${JSON.stringify(name)}: ${problem}`);
    if (typeof listener !== 'function') throw new TypeError('a listener is a function');
    const known = this.#listeners.get(name);
    if (known) {
      known.add(listener);
      return this;
    }
    if (topic && this.subscriptions.length >= TOPICS_MAX) throw new TypeError(`at most ${TOPICS_MAX} topics`);
    this.#listeners.set(name, new Set([listener]));
    if (topic) this.#topicsChanged();
    return this;
  }

  /**
   * Stops listening; without a listener, all listeners of that name.
   * @param {string} name
   * @param {Function} [listener]
   */
  off(name, listener) {
    const known = this.#listeners.get(name);
    if (!known || (listener && !known.delete(listener)) || (listener && known.size > 0)) return this;
    this.#listeners.delete(name);
    if (!EVENTS.has(name)) this.#topicsChanged();
    return this;
  }

  /** Connects, and stays so; after {@link disconnect} it goes on where it was. */
  connect() {
    if (this.#wanted) return this;
    this.#wanted = true;
    this.#failures = this.#attempts = this.#notBefore = 0;
    globalThis.addEventListener?.('online', this.#wake);
    globalThis.document?.addEventListener('visibilitychange', this.#wake);
    this.#configure();
    this.#begin();
    return this;
  }

  /** Hangs up, and stays so. */
  disconnect() {
    if (!this.#wanted) return this;
    this.#wanted = false;
    globalThis.removeEventListener?.('online', this.#wake);
    globalThis.document?.removeEventListener('visibilitychange', this.#wake);
    clearTimeout(this.#retry);
    this.#poller.stop();
    const wasLive = this.isConnected;
    this.#link?.close();
    this.#link = null;
    this.#setMode('offline');
    if (wasLive) this.#emit('close', { code: 1000, reason: 'disconnected by this page' });
    return this;
  }

  /**
   * Another token, kept for this tab; connects with it.
   * @param {string | null} token
   */
  setToken(token) {
    keepToken(token);
    this.#token = token;
    return this.disconnect().connect();
  }

  // --- the WebSocket

  // Listeners that are added in the same breath are part of the first question.
  async #begin() {
    if (this.#cursor === null && this.#recent > 0) await this.#lookBack().catch(() => {}); // then from now on
    else await null;
    if (this.#wanted && !this.#link) this.#dial();
  }

  #dial() {
    clearTimeout(this.#retry);
    this.counts.dials++;
    const topics = this.#urlTopics();
    this.#told = new Set(topics); // if that is more than is wanted, less is asked for once it is open
    const url = new URL('ws', this.#base);
    url.protocol = url.protocol.replace('http', 'ws');
    url.searchParams.set('topics', topics.join());
    if (this.#cursor !== null) url.searchParams.set('since', String(this.#cursor));
    if (this.#token) url.searchParams.set('token', this.#token);
    const silenceMs = () => this.#timing.pingMs * PINGS_MISSED;
    const setup = { url: plain(url), WebSocket: this.#WebSocket, openMs: this.#timing.openMs, silenceMs };
    this.#link = new Link(setup, {
      message: (message) => this.#received(message),
      end: (code, reason) => this.#lost(code, reason),
    });
  }

  // A list in a URL has its limits; what is not wanted of "all" is left out here.
  #urlTopics() {
    const topics = this.subscriptions;
    const fits = topics.length > 0 && topics.join().length <= URL_TOPICS_MAX;
    return fits && topics.every((topic) => topic === topic.trim() && !topic.includes(',')) ? topics : ['all'];
  }

  #topicsChanged() {
    this.#index.listen(this.subscriptions);
    if (this.#telling) return;
    this.#telling = true; // all changes of one moment in one command
    queueMicrotask(() => this.#tell());
  }

  #tell() {
    this.#telling = false;
    if (!this.isConnected) return; // it is told when the connection is open
    const topics = this.subscriptions;
    const more = topics.filter((topic) => !this.#told.has(topic));
    const fewer = [...this.#told].filter((topic) => !topics.includes(topic));
    if (this.#told.size === 0) this.#fromNow = true; // what it did not listen to is not missing
    if (more.length > 0) this.#link.send({ type: 'subscribe', topics: more });
    if (fewer.length > 0) this.#link.send({ type: 'unsubscribe', topics: fewer });
    this.#told = new Set(topics);
  }

  #received(message) {
    if (message === null || typeof message !== 'object') {
      this.counts.malformed++;
      this.#emit('error', { reason: 'the server sent something that is no JSON object', fatal: false });
    } else if (!('_offset' in message || '_topic' in message) && CONTROL.has(message.type)) {
      this.#control(message);
    } else {
      this.#take(message);
    }
  }

  #control(message) {
    if (message.type === 'error') this.#emit('error', { reason: String(message.reason), fatal: false });
    if (message.gap) this.#emit('gap', message.gap);
    if (message.type !== 'subscribed') return;
    if (message.reset) this.#reset(message.offset);
    if ((this.#cursor === null || this.#fromNow) && Number.isSafeInteger(message.offset)) {
      this.#cursor = message.offset;
      this.#fromNow = false;
    }
    if (!this.isConnected) this.#live(message);
  }

  #live(message) {
    this.#poller.stop(); // before the first record of the WebSocket
    this.#link.ready();
    this.#everLive = true;
    this.#failures = 0;
    this.#liveSince = Date.now();
    this.#setMode('websocket');
    this.#emit('open', { offset: message.offset });
    this.#tell();
  }

  #lost(code, reason) {
    this.#link = null;
    this.#fromNow = false;
    const wasLive = this.isConnected;
    if (code === 1008) return this.#refuse(reason || 'the server does not let this page in');
    if (wasLive && Date.now() - this.#liveSince >= this.#timing.steadyMs) this.#attempts = 0;
    if (!wasLive) this.#failures++;
    if (code === 4429) this.#notBefore = Date.now() + delayIn(reason);
    if (wasLive) {
      this.#setMode('offline');
      this.#emit('close', { code, reason });
    }
    if (!this.#wanted || this.#link) return; // a listener had other plans
    const long = this.#retryLater() > this.#timing.pollMs;
    if (this.#failures >= FAILURES_BEFORE_POLLING || !this.#everLive || long) {
      if (!this.#poller.running) this.#emit('error', { reason: reason || 'no WebSocket', fatal: false });
      this.#poller.start();
    }
  }

  #retryLater() {
    const most = Math.min(this.#timing.retryMaxMs, this.#timing.retryMs * 2 ** Math.min(this.#attempts++, 20));
    const waitMs = Math.max(most * (0.25 + 0.75 * Math.random()), this.#notBefore - Date.now());
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#dial(), waitMs);
    return waitMs;
  }

  // The network is back, or somebody looks at the page again.
  #woken() {
    if (globalThis.document?.visibilityState === 'hidden') return;
    if (this.#link) return this.#link.probe();
    this.#attempts = 0;
    if (Date.now() >= this.#notBefore) this.#dial();
  }

  #refuse(reason) {
    this.disconnect();
    this.#emit('error', { reason, fatal: true });
  }

  // --- HTTP

  async #configure() {
    if (this.#configured) return;
    this.#configured = true;
    const token = this.#token;
    try {
      const config = await getJson(this.#fetch, new URL('config', this.#base), token);
      this.#timing.pingMs = positive(config?.live?.pingMs, this.#timing.pingMs);
      this.#timing.pollMs = positive(config?.polling?.intervalMs, this.#timing.pollMs);
      if (Array.isArray(config?.live?.routes)) this.#index.route(config.live.routes);
    } catch (error) {
      this.#configured = false; // the defaults do until it is asked for again
      if (error.refused && this.#wanted && token === this.#token) this.#refuse(error.message);
    }
  }

  async #poll(stopped) {
    this.counts.polls++;
    if (this.#cursor === null || this.subscriptions.length === 0) {
      const end = await this.#askForEnd(stopped);
      if (stopped.aborted) return false;
      this.#cursor = end;
      this.#answered();
      return false;
    }
    const url = new URL('api/records', this.#base);
    url.searchParams.set('since', String(this.#cursor));
    url.searchParams.set('topic', this.#urlTopics().join());
    const page = await getJson(this.#fetch, plain(url), this.#token, stopped);
    if (stopped.aborted) return false; // the WebSocket was faster
    this.#answered();
    if (page.gap) this.#emit('gap', page.gap);
    if (page.reset) this.#reset(page.next);
    for (const record of page.records) {
      if (stopped.aborted) return false; // a listener hung up
      this.#take(record);
    }
    this.#cursor = Math.max(this.#cursor, page.next);
    this.#afresh = false;
    return page.next < (page.end ?? 0);
  }

  /** The offset that the next record gets. */
  async #askForEnd(stopped) {
    const url = new URL('api/records', this.#base);
    url.searchParams.set('limit', '1');
    const { end, next } = await getJson(this.#fetch, url, this.#token, stopped);
    return end ?? next;
  }

  async #lookBack() {
    const end = await this.#askForEnd();
    this.#cursor ??= Math.max(1, end - this.#recent);
  }

  // The server is there, so its WebSocket may be, too.
  #answered() {
    if (this.#mode !== 'offline') return;
    this.#setMode('polling');
    this.#attempts = 0;
    if (!this.#link) this.#retryLater();
  }

  #pollFailed(error) {
    if (error.refused) return this.#refuse(error.message);
    if (this.#mode !== 'offline') this.#emit('error', { reason: error.message, fatal: false });
    this.#setMode('offline');
  }

  // --- records

  // The server's journal is another one, and shorter: what was in between is not to be had.
  #reset(offset) {
    this.#emit('gap', { from: this.#cursor, to: offset, reset: true });
    this.#cursor = offset;
    this.#afresh = true;
  }

  #take(record) {
    const offset = record._offset;
    if (Number.isSafeInteger(offset)) {
      if (this.#cursor !== null && offset < this.#cursor && !this.#afresh) {
        this.counts.repeated++;
        return;
      }
      this.#cursor = offset + 1;
      this.#afresh = false;
    }
    this.counts.records++;
    for (const topic of this.#index.of(record)) this.#emit(topic, record);
  }

  #setMode(mode) {
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.#emit('status', { mode });
    if (mode !== 'offline') this.#configure();
  }

  // A listener that throws must not keep the others from hearing.
  #emit(name, value) {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener(value);
      } catch (error) {
        console.error(`spillway: a listener of ${name} failed`, error);
      }
    }
  }
}

// A plus in the query of a URL is a blank for some, and the MQTT wildcard for others.
function plain(url) {
  url.search = url.search.replaceAll('+', '%20');
  return url.href;
}

function positive(value, otherwise) {
  return Number.isFinite(value) && value > 0 ? value : otherwise;
}

// "… 5 s" or "… 500 ms"; 5 s if the reason does not say; never more than five minutes.
function delayIn(reason) {
  const [, amount, unit] = /(\d+(?:\.\d+)?)\s*(ms)?/.exec(reason) ?? [null, '5'];
  return Math.min(Number(amount) * (unit ? 1 : 1000), 300_000);
}
