// Speaks the Live part of the protocol, for the tests of spillway.js: one journal in memory, faults on demand.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { matches } from '../../main/resources/webroot/spillway/topics.js';

const CONFIG = { live: { pingMs: 30_000 }, polling: { intervalMs: 40 } };

/** A server on a free loopback port. */
export class StandIn {
  records = []; // offset 1 first
  config = CONFIG;
  token = null;
  blocked = false; // WebSockets are answered with 502, as by a proxy
  mute = false; // accepts, and then says nothing
  oldest = 1;
  pageSize = 100;
  upgrades = [];
  questions = [];
  commands = [];
  answering = true;
  delayMs = 0;
  #clients = new Map();
  #sockets = new Set();
  #http;

  async listen(port = 0) {
    const webSockets = new WebSocketServer({ noServer: true });
    this.#http = createServer((request, response) => this.#answer(request, response));
    this.#http.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#http.on('upgrade', (request, socket, head) => {
      this.upgrades.push(request.url);
      const status = this.blocked ? '502 Bad Gateway' : this.#mayRead(request) ? null : '401 Unauthorized';
      if (status) return socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      webSockets.handleUpgrade(request, socket, head, (client) => this.#serve(client, request.url));
    });
    await new Promise((listening) => this.#http.listen(port, '127.0.0.1', listening));
    this.port = this.#http.address().port;
    return this;
  }

  get url() {
    return `http://127.0.0.1:${this.port}/`;
  }

  get end() {
    return this.records.length + 1;
  }

  get connections() {
    return this.#clients.size;
  }

  /** As after kill -9: every connection is cut, nothing listens. */
  async kill() {
    this.#sockets.forEach((socket) => socket.destroy());
    await new Promise((closed) => this.#http.close(closed));
    this.#clients.clear();
  }

  publish(...members) {
    for (const member of members) {
      const record = { type: 'measurement', ...member, _offset: this.end };
      this.records.push(record);
      for (const [client, topics] of this.#clients) if (isOn(record, topics)) client.send(JSON.stringify(record));
    }
  }

  /** To every client, as it is. */
  say(text) {
    for (const client of this.#clients.keys()) client.send(text);
  }

  hangUp(code, reason) {
    for (const client of this.#clients.keys()) client.close(code, reason);
  }

  /** Cut without a word; new ones are welcome. */
  cut() {
    for (const client of this.#clients.keys()) client.terminate();
  }

  #serve(client, url) {
    if (this.mute) return;
    const wish = new URL(url, this.url).searchParams;
    const since = wish.get('since');
    client.send(JSON.stringify({ type: 'connection', clientId: 'c', offset: this.end }));
    client.on('close', () => this.#clients.delete(client));
    client.on('message', (text) => this.#obey(client, JSON.parse(text)));
    this.#clients.set(client, []);
    this.#subscribe(client, wish.get('topics').split(','), since === null ? undefined : Number(since));
  }

  #obey(client, command) {
    this.commands.push(command);
    const chosen = this.#clients.get(client);
    if (command.type === 'ping') client.send('{"type":"pong"}');
    else if (command.type === 'subscribe') this.#subscribe(client, [...chosen, ...command.topics], command.since);
    else {
      this.#clients.set(client, chosen.filter((topic) => !command.topics.includes(topic)));
      client.send(JSON.stringify({ type: 'unsubscribed', topics: command.topics }));
    }
  }

  #subscribe(client, topics, since = this.end) {
    this.#clients.set(client, topics);
    const answer = { type: 'subscribed', topics, offset: this.end };
    if (since > this.end) answer.reset = true;
    else if (since < this.oldest) answer.gap = { from: since, to: this.oldest };
    client.send(JSON.stringify(answer));
    const from = answer.reset ? this.end : Math.max(since, this.oldest);
    for (const record of this.records.slice(from - 1)) if (isOn(record, topics)) client.send(JSON.stringify(record));
  }

  async #answer(request, response) {
    const url = new URL(request.url, this.url);
    const reply = (status, body, headers = {}) => {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
    };
    if (!this.#mayRead(request)) return reply(401, { error: 'a live token is needed' });
    if (url.pathname === '/config') return reply(200, this.config);
    this.questions.push({ url: request.url, authorization: request.headers.authorization });
    if (!this.answering) return reply(503, { error: 'not now' });
    const since = Number(url.searchParams.get('since') ?? this.end);
    const to = Math.min(this.end, Math.max(since, this.oldest) + this.pageSize);
    const found = this.records.slice(Math.max(since, this.oldest) - 1, to - 1);
    const topics = (url.searchParams.get('topic') ?? 'all').split(',');
    const page = { records: found.filter((record) => isOn(record, topics)), next: to, end: this.end };
    if (since > this.end) Object.assign(page, { reset: true, next: this.end, records: [] });
    else if (since < this.oldest) page.gap = { from: since, to: this.oldest };
    if (this.delayMs) await new Promise((waited) => setTimeout(waited, this.delayMs));
    reply(200, page);
  }

  #mayRead(request) {
    const url = new URL(request.url, 'http://x/');
    const given = request.headers.authorization?.replace('Bearer ', '') ?? url.searchParams.get('token');
    return this.token === null || given === this.token;
  }
}

function isOn(record, topics) {
  return topics.some(
    (topic) =>
      topic === 'all' ||
      topic === record.type ||
      topic === `${record.type}s` ||
      (record._topic !== undefined && matches(topic, record._topic)),
  );
}
