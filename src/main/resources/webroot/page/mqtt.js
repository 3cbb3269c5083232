// MQTT 3.1.1 in a page, through this server's /mqtt or straight to a broker, as /config says.
import { getJson } from '../spillway/polling.js';
import { keepToken, tokenOfPage } from '../spillway/token.js';
import { Listeners } from './listeners.js';
import { clientId, denied } from './mqtt-rules.js';
import { pahoClient } from './paho.js';
import { Pending } from './pending.js';

const FIRST_MS = 500;
const LONGEST_MS = 15_000;
const STEADY_MS = 5_000; // a connection that lasts so long was a good one
const ACK_MS = 10_000; // without an acknowledgement for so long the connection is dead

/**
 * Tells `status {mode}`, `open`, `error {reason, fatal}` as the client of spillway.js does, and
 * `settings` (the answer of /config), `message {topic, text, retained}`, `delivered {topic, text}`
 * when the broker has acknowledged, `stopped {why, topic}` when only somebody can help: `off`,
 * `publish`, `subscribe`, `elsewhere` or `library`.
 */
export class Mqtt extends Listeners {
  mode = 'offline';
  #name;
  #session;
  #token = tokenOfPage();
  #client = null;
  #stopped = false;
  #attempts = 0;
  #ungranted = 0;
  #timers = {};
  #filters = new Map();
  #publishes = new Set();
  #pending;

  /**
   * @param {string} name first part of the client identifier
   * @param {{session?: boolean}} [options] session: the broker and this browser remember what is
   *     not settled, also while the page is closed; one page of this name at a time
   */
  constructor(name, { session = false } = {}) {
    super();
    this.#name = name;
    this.#session = session;
    this.#pending = new Pending(session ? `mqtt.${name}.waiting` : null);
    const now = () => this.#timers.again && this.#attempt();
    addEventListener('online', now);
    document.addEventListener('visibilitychange', () => !document.hidden && now());
  }

  /** Messages without an acknowledgement. */
  get waiting() {
    return this.#pending.size;
  }

  /** Connects, and does so again after every loss. */
  open() {
    if (this.#session && globalThis.BroadcastChannel) {
      const others = new BroadcastChannel(`spillway.mqtt.${this.#name}`);
      others.onmessage = () => this.#stop('elsewhere'); // the last one opened has the session
      others.postMessage('mine');
    }
    this.#attempt();
    return this;
  }

  /** Another token of role live, kept for this tab; connects with it. */
  setToken(token) {
    keepToken(token);
    this.#token = token;
    this.#attempt();
  }

  /** @param {string} filter @param {0 | 1 | 2} qos */
  subscribe(filter, qos) {
    if (this.#filters.get(filter) === qos) return;
    this.#filters.set(filter, qos);
    if (this.#client?.isConnected()) this.#subscribe(filter, qos);
  }

  /** Says before anything is sent that this page will publish to the topic. */
  willPublish(topic) {
    this.#publishes.add(topic);
  }

  /**
   * Sends it, or keeps it until it can be sent; false: too many are kept.
   * @param {string} topic
   * @param {string} text
   * @param {{qos?: 1 | 2, retained?: boolean}} [how]
   */
  publish(topic, text, { qos = 1, retained = false } = {}) {
    const taken = this.#pending.add({ topic, text, qos, retained });
    if (taken && this.#client?.isConnected()) this.#send();
    return taken;
  }

  // --- connecting

  // Every attempt begins with /config: it tells whether token and rules are still good.
  async #attempt() {
    clearTimeout(this.#timers.again);
    this.#timers.again = undefined;
    const token = this.#token;
    try {
      const settings = await getJson(fetch.bind(globalThis), new URL('config', location.href), token);
      if (this.#stopped || this.mode === 'websocket' || token !== this.#token) return;
      this.tell('settings', settings);
      this.#dial(settings);
    } catch (error) {
      if (this.#stopped || token !== this.#token) return;
      if (error.refused) this.#refuse(error.message);
      else this.#again();
    }
  }

  #dial({ pages, paths, mqtt }) {
    const problem = pages.mqttUrl ? null : denied(mqtt, this.#publishes, this.#filters.keys());
    if (problem) return this.#stop(problem.why, problem.topic);
    if (!globalThis.Paho) return this.#stop('library');
    const url = new URL(pages.mqttUrl ?? paths.mqtt.slice(1), location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    this.#client ??= this.#newClient(url.href); // without the token: its address is kept in the browser
    if (!pages.mqttUrl && this.#token) url.searchParams.set('token', this.#token);
    else if (!pages.mqttUrl && !mqtt.anonymous) return this.#refuse('server.mqtt');
    this.#client.dial(url.href);
  }

  #newClient(url) {
    return pahoClient(url, clientId(this.#name, this.#session), this.#session, {
      connected: () => this.#connected(),
      failed: () => this.#again(),
      lost: () => this.#lost(),
      arrived: (message) => this.tell('message', message),
      delivered: (message, what) => {
        this.#pending.settle(message);
        this.#watch();
        this.tell('delivered', what);
      },
    });
  }

  #connected() {
    if (this.#stopped) return this.#disconnect();
    this.#timers.steady = setTimeout(() => (this.#attempts = 0), STEADY_MS);
    this.#ungranted = 0;
    for (const [filter, qos] of this.#filters) this.#subscribe(filter, qos);
    this.#showLive();
    this.tell('open');
    this.#send();
  }

  #lost() {
    clearTimeout(this.#timers.steady);
    clearTimeout(this.#timers.ack);
    if (!this.#session) this.#pending.takeBack(); // Paho keeps those of a session, and sends them again
    this.#again();
  }

  #again() {
    if (this.#stopped) return;
    this.#show('offline');
    const waitMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#attempts++) * (0.5 + Math.random() / 2);
    clearTimeout(this.#timers.again);
    this.#timers.again = setTimeout(() => this.#attempt(), waitMs);
  }

  #refuse(reason) {
    this.#show('refused');
    this.tell('error', { reason, fatal: true });
  }

  #stop(why, topic) {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#timers.again);
    this.#disconnect();
    this.#show('off');
    this.tell('stopped', { why, topic });
  }

  #disconnect() {
    if (this.#client?.isConnected()) this.#client.disconnect();
  }

  // --- connected

  #subscribe(filter, qos) {
    this.#ungranted++;
    const onSuccess = () => {
      this.#ungranted--;
      this.#showLive();
    };
    this.#client.subscribe(filter, { qos, onSuccess, onFailure: () => this.#stop('subscribe', filter) });
  }

  // What is published before the broker has granted a subscription does not come here.
  #showLive() {
    if (this.#ungranted === 0 && !this.#stopped) this.#show('websocket');
  }

  #send() {
    this.#pending.sendAll((message) => this.#client.send(message));
    this.#watch();
  }

  #watch() {
    clearTimeout(this.#timers.ack);
    if (this.#pending.sent > 0) this.#timers.ack = setTimeout(() => this.#disconnect(), ACK_MS);
  }

  #show(mode) {
    if (this.mode === mode) return;
    this.mode = mode;
    this.tell('status', { mode });
  }
}
