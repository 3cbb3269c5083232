// The client of the live records, against a stand-in server. Runs with: node --test src/test/node/spillway.test.mjs
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { LiveClient } from '../../main/resources/webroot/spillway.js';
import { denied } from '../../main/resources/webroot/page/mqtt-rules.js';
import { covers, matches, TopicIndex, topicProblem } from '../../main/resources/webroot/spillway/topics.js';
import { StandIn } from './standin.mjs';

/** The same for the Java test. */
const CASES = JSON.parse(readFileSync(new URL('../resources/topic-filters.json', import.meta.url), 'utf8'));
const FAST = { retryMs: 40, retryMaxMs: 160, openMs: 300, steadyMs: 0, pollMs: 40 };

async function until(what, happened) {
  const deadline = Date.now() + 10_000;
  while (!happened()) {
    if (Date.now() > deadline) assert.fail(`not in time: ${what}`);
    await new Promise((looked) => setTimeout(looked, 5));
  }
}

describe('spillway.js', () => {
  let server;
  let client;
  let seen;
  let told;

  function make(options = {}) {
    client = new LiveClient({ url: server.url, WebSocket, timing: { ...FAST, ...options.timing }, ...options.more });
    for (const event of ['open', 'close', 'error', 'status', 'gap']) {
      client.on(event, (value) => told.push({ event, ...value }));
    }
    return client;
  }

  function listening(topic = 'all', options = {}) {
    return make(options).on(topic, (record) => seen.push(record.n));
  }

  const events = (name) => told.filter((one) => one.event === name);
  const offsets = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const open = () => until('open', () => client.isConnected);

  beforeEach(async () => {
    server = await new StandIn().listen();
    seen = [];
    told = [];
  });

  afterEach(async () => {
    client?.disconnect();
    await server.kill();
  });

  describe('connects', () => {
    it('gives records as they come, and says how it is', async () => {
      listening();
      assert.equal(client.isConnectionActive(), false);
      assert.equal(client.mode, 'offline');
      client.connect();
      await open();
      assert.equal(client.isConnected, true);
      assert.equal(client.mode, 'websocket');
      server.publish({ n: 1 }, { n: 2 });
      await until('both', () => seen.length === 2);
      assert.deepEqual(seen, [1, 2]);
      assert.equal(client.cursor, 3);
      assert.deepEqual(events('status'), [{ event: 'status', mode: 'websocket' }]);
    });

    it('begins with now, not with what was', async () => {
      server.publish({ n: 1 }, { n: 2 });
      listening().connect();
      await open();
      server.publish({ n: 3 });
      await until('the third', () => seen.length > 0);
      assert.deepEqual(seen, [3]);
    });

    it('begins some records earlier if asked to, over either way', async () => {
      server.publish(...offsets(1, 9).map((n) => ({ n })));
      listening('all', { more: { recent: 3 } }).connect();
      await until('three', () => seen.length === 3);
      client.disconnect();
      server.blocked = true;
      listening('all', { more: { recent: 20 } }).connect();
      await until('all', () => seen.length === 12);
      assert.deepEqual(seen, [7, 8, 9, ...offsets(1, 9)]);
      assert.deepEqual(events('gap'), []);
    });

    it('goes on where it was after disconnect() and connect()', async () => {
      listening().connect();
      await open();
      server.publish({ n: 1 });
      await until('one', () => seen.length === 1);
      client.disconnect();
      assert.equal(client.isConnectionActive(), false);
      server.publish({ n: 2 }, { n: 3 });
      client.connect();
      await until('all', () => seen.length === 3);
      assert.deepEqual(seen, [1, 2, 3]);
      assert.equal(events('close').length, 1);
    });

    it('is not hurt by a listener that throws, or by nonsense of the server', async () => {
      const shown = console.error;
      console.error = () => {};
      try {
        make().on('all', () => {
          throw new Error('mine');
        });
        client.on('all', (record) => seen.push(record.n)).connect();
        await open();
        server.say('nonsense');
        server.say('7');
        server.say('{"type":"error","reason":"what?"}');
        server.publish({ n: 1 });
        await until('it', () => seen.length === 1);
      } finally {
        console.error = shown;
      }
      assert.equal(client.counts.malformed, 2);
      assert.equal(events('error').at(-1).reason, 'what?');
    });
  });

  describe('topics', () => {
    it('subscribe with their first listener and unsubscribe with the last', async () => {
      make().connect();
      await open();
      assert.deepEqual(client.subscriptions, []);
      const one = () => {};
      const two = () => {};
      client.on('measurements', one).on('measurements', two).on('a/+/t', one);
      client.off('measurements', one);
      client.off('measurements', two);
      await until('all is said', () => server.commands.length === 2);
      assert.deepEqual(client.subscriptions, ['a/+/t']);
      client.off('a/+/t');
      await until('that, too', () => server.commands.length === 3);
      assert.deepEqual(server.commands, [
        { type: 'unsubscribe', topics: ['all'] },
        { type: 'subscribe', topics: ['a/+/t'] },
        { type: 'unsubscribe', topics: ['a/+/t'] },
      ]);
    });

    it('that are added while it connects are subscribed, too', async () => {
      make().on('x', (record) => seen.push(record.n));
      client.connect();
      await until('it is on its way', () => client.counts.dials === 1);
      client.on('y', (record) => seen.push(record.n));
      await until('the second', () => server.commands.length === 1);
      assert.equal(new URL(server.upgrades[0], server.url).search, '?topics=x');
      server.publish({ n: 1, type: 'x' }, { n: 2, type: 'y' }, { n: 3, type: 'z' });
      await until('both', () => seen.length === 2);
      assert.deepEqual(seen, [1, 2]);
    });

    it('reach the listeners of names, types, filters and all', async () => {
      const heard = {};
      make();
      const topics = ['all', 'measurements', 'measurement', 'alerts', 'tour.low', '#', 'a/+', 'a/b', '$SYS/#', 'ping'];
      for (const topic of topics) client.on(topic, (record) => (heard[topic] ??= []).push(record.n));
      client.connect();
      await open();
      server.publish(
        { n: 1 },
        { n: 2, _topic: 'a/b' },
        { n: 3, type: 'alert' },
        { n: 4, type: 'tour.low', _topic: '$SYS/x' },
        { n: 5, type: 'ping' },
      );
      await until('the last', () => heard.all?.length === 5);
      assert.deepEqual(heard, {
        all: [1, 2, 3, 4, 5],
        measurements: [1, 2],
        measurement: [1, 2],
        alerts: [3],
        'tour.low': [4],
        '#': [2],
        'a/+': [2],
        'a/b': [2],
        '$SYS/#': [4],
        ping: [5],
      });
    });

    it('with a comma are not taken for two', async () => {
      listening('a,b/c').connect();
      await open();
      await until('they are told', () => server.commands.length === 2);
      server.publish({ n: 1, _topic: 'a' }, { n: 2, _topic: 'a,b/c' });
      await until('it', () => seen.length === 1);
      server.blocked = true;
      server.cut();
      await until('polling', () => client.mode === 'polling');
      server.publish({ n: 3, _topic: 'b/c' }, { n: 4, _topic: 'a,b/c' });
      await until('the next', () => seen.length === 2);
      assert.deepEqual(seen, [2, 4]);
    });

    it('that follow when nothing was listened to begin with now', async () => {
      listening('x').connect();
      await open();
      client.off('x');
      await until('it is told', () => server.commands.length === 1);
      server.publish({ n: 1, type: 'x' }, { n: 2, type: 'y' });
      client.on('y', (record) => seen.push(record.n));
      await until('that, too', () => server.commands.length === 2 && client.cursor === 3);
      server.cut();
      server.publish({ n: 3, type: 'y' });
      await until('the next', () => seen.length === 1);
      assert.deepEqual(seen, [3]);
    });

    it('that are none are refused with the reason', () => {
      make();
      for (const bad of ['', 'a/#/b', 'a+', 'x'.repeat(1025), 7]) {
        assert.throws(() => client.on(bad, () => {}), TypeError);
      }
      for (let i = 0; i < 100; i++) client.on(`t${i}`, () => {});
      assert.throws(() => client.on('one-more', () => {}), /at most 100/);
    });

    it('are valid, match and cover each other as MQTT 3.1.1 section 4.7 says', () => {
      for (const [filter, problem] of CASES.filters) assert.equal(topicProblem(filter), problem ?? undefined, filter);
      for (const [filter, topic, yes] of CASES.matches) assert.equal(matches(filter, topic), yes, `${filter} ${topic}`);
      for (const [rule, filter, yes] of CASES.covers) assert.equal(covers(rule, filter), yes, `${rule} ${filter}`);
    });

    it('are those that the server finds for a record, too', () => {
      const index = new TopicIndex();
      for (const [topic, record, yes] of CASES.chosen) {
        index.listen([topic]);
        assert.deepEqual(index.of(record), yes ? [topic] : [], `${topic} ${JSON.stringify(record)}`);
      }
    });

    it('allow a page at the gateway what they allow it on the server', () => {
      const rules = { publish: ['chat/+'], subscribe: ['chat/+'] };
      assert.equal(denied(rules, ['chat/ann'], ['chat/+', 'chat/ann']), null);
      assert.deepEqual(denied(rules, ['vote'], []), { why: 'publish', topic: 'vote' });
      assert.deepEqual(denied(rules, [], ['chat/#']), { why: 'subscribe', topic: 'chat/#' });
      assert.equal(denied({ publish: null, subscribe: null }, ['vote'], ['#']), null);
    });

    it('of the configured routes are known from /config', () => {
      const index = new TopicIndex();
      index.listen(['weather', 'alerts']);
      index.route([{ filter: 'pws/#', topic: 'weather' }]);
      assert.deepEqual(index.of({ type: 'gust', _topic: 'pws/a' }), ['weather']);
      assert.deepEqual(index.of({ type: 'gust', _topic: 'x' }), []);
    });

    it('with events, all but measurements and predictions', () => {
      const index = new TopicIndex();
      index.listen(['events', 'alerts']);
      assert.deepEqual(index.of({ type: 'tour.availability.low' }), ['events']);
      assert.deepEqual(index.of({ type: 'alert' }), ['events', 'alerts']);
      assert.deepEqual(index.of({ type: 'prediction' }), []);
      assert.deepEqual(index.of({ co2: 645 }), []);
    });
  });

  describe('after a loss', () => {
    it('goes on at the cursor: nothing is missing, nothing comes twice', async () => {
      listening().connect();
      await open();
      server.publish({ n: 1 }, { n: 2 });
      await until('two', () => seen.length === 2);
      server.cut();
      server.publish({ n: 3 }, { n: 4 });
      await until('four', () => seen.length === 4);
      server.publish({ n: 5 });
      await until('five', () => seen.length === 5);
      assert.deepEqual(seen, offsets(1, 5));
      assert.equal(events('close').length, 1);
    });

    it('finds a server that was killed and started again', async () => {
      listening().connect();
      await open();
      server.publish({ n: 1 });
      await until('one', () => seen.length === 1);
      const { port } = server;
      await server.kill();
      await until('polling is tried', () => client.counts.polls > 1);
      assert.equal(client.mode, 'offline');
      server.publish({ n: 2 }, { n: 3 });
      await server.listen(port);
      await until('all', () => seen.length === 3);
      await open();
      server.publish({ n: 4 });
      await until('live', () => seen.length === 4);
      assert.deepEqual(seen, offsets(1, 4));
    });

    it('waits longer and longer, and not longer than the limit', async () => {
      await server.kill();
      listening().connect();
      await until('some tries', () => client.counts.dials >= 5);
      const before = client.counts.dials;
      await new Promise((waited) => setTimeout(waited, 400));
      assert.ok(client.counts.dials - before <= 10, `${client.counts.dials - before} tries in 400 ms`);
      await server.listen();
    });

    it('says what history no longer has', async () => {
      listening().connect();
      await open();
      server.publish({ n: 1 });
      await until('one', () => seen.length === 1);
      server.blocked = true;
      server.answering = false;
      server.cut();
      server.publish({ n: 2 }, { n: 3 }, { n: 4 });
      server.oldest = 4;
      server.blocked = false;
      await until('the rest', () => seen.length === 2);
      assert.deepEqual(seen, [1, 4]);
      assert.deepEqual(events('gap'), [{ event: 'gap', from: 2, to: 4 }]);
    });

    it('begins anew with a server whose journal is another one', async () => {
      listening().connect();
      await open();
      server.publish({ n: 1 }, { n: 2 }, { n: 3 });
      await until('three', () => seen.length === 3);
      server.records = [];
      server.cut();
      await until('gap', () => events('gap').length === 1);
      await open();
      server.publish({ n: 10 });
      await until('a new one', () => seen.length === 4);
      assert.deepEqual(seen, [1, 2, 3, 10]);
      assert.equal(client.cursor, 2);
    });

    it('notices a server that has fallen silent', async () => {
      server.config = { live: { pingMs: 50 } };
      listening().connect();
      await open();
      await until('a second connection', () => events('close').length > 0 && client.isConnected);
      assert.match(events('close')[0].reason, /nothing heard/);
    });

    it('does not wait for ever for a proxy that accepts and says nothing', async () => {
      server.mute = true;
      listening().connect();
      await until('a second try', () => client.counts.dials > 1);
      server.mute = false;
      await open();
    });

    it('is not closed for good by 4408, and waits as long as 4429 says', async () => {
      listening().connect();
      await open();
      server.hangUp(4408, 'too slow');
      await until('back', () => server.upgrades.length === 2 && client.isConnected);
      const began = Date.now();
      server.hangUp(4429, 'rate limit: again in 300 ms');
      await until('back again', () => server.upgrades.length === 3);
      assert.ok(Date.now() - began >= 290);
    });
  });

  describe('the token', () => {
    it('is sent with both', async () => {
      server.token = 'a token&';
      listening('all', { more: { token: server.token } }).connect();
      await open();
      assert.equal(server.upgrades[0], '/ws?topics=all&token=a%20token%26');
      server.blocked = true;
      server.cut();
      await until('polling', () => client.mode === 'polling');
      assert.equal(server.questions[0].authorization, 'Bearer a token&');
      assert.ok(!server.questions[0].url.includes('token'));
    });

    it('that is wrong ends it with one error, until there is another', async () => {
      server.token = 'right';
      listening('all', { more: { token: 'wrong' } }).connect();
      await until('an error', () => events('error').some((error) => error.fatal));
      const tries = client.counts.dials;
      await new Promise((waited) => setTimeout(waited, 500));
      assert.equal(client.counts.dials, tries);
      assert.ok(tries <= 2);
      assert.equal(events('error').filter((error) => error.fatal).length, 1);
      client.setToken('right');
      await open();
    });

    it('that is revoked (1008) ends it, too', async () => {
      listening().connect();
      await open();
      server.hangUp(1008, 'token revoked');
      await until('an error', () => events('error').length > 0);
      assert.deepEqual(events('error')[0], { event: 'error', reason: 'token revoked', fatal: true });
      await new Promise((waited) => setTimeout(waited, 200));
      assert.equal(server.upgrades.length, 1);
    });
  });

  describe('polling', () => {
    it('takes over when WebSockets never open, from now on, one question at a time', async () => {
      server.blocked = true;
      server.publish({ n: 1 });
      listening().connect();
      await until('polling', () => client.mode === 'polling');
      await until('the end is known', () => client.cursor === 2);
      server.publish({ n: 2 }, { n: 3 });
      await until('both', () => seen.length === 2);
      assert.deepEqual(seen, [2, 3]);
      assert.equal(client.isConnectionActive(), false);
      assert.ok(events('error').length >= 1);
      assert.equal(server.questions.at(-1).url, '/api/records?since=2&topic=all');
    });

    it('fetches a backlog without waiting between the pages', async () => {
      server.blocked = true;
      server.pageSize = 10;
      server.config = { polling: { intervalMs: 60_000 } };
      listening('all', { timing: { pollMs: 200 } }).connect();
      await until('the end is known', () => client.cursor === 1);
      server.publish(...offsets(1, 1000).map((n) => ({ n })));
      client.disconnect().connect();
      await until('all', () => seen.length === 1000);
      assert.deepEqual(seen, offsets(1, 1000));
    });

    it('changes to and fro while records come, and each comes once and in order', async () => {
      server.pageSize = 7;
      listening().connect();
      await open();
      let n = 0;
      const publishing = setInterval(() => server.publish({ n: ++n }), 2);
      const modes = () => events('status').map((one) => one.mode);
      try {
        for (let round = 1; round <= 5; round++) {
          server.delayMs = round % 2 ? 30 : 0; // an answer that comes while the WebSocket opens
          server.blocked = true;
          server.cut();
          await until('polling', () => client.mode === 'polling');
          const here = seen.length;
          await until('records by polling', () => seen.length > here + 20);
          server.blocked = false;
          await open();
          const there = seen.length;
          await until('records by WebSocket', () => seen.length > there + 20);
        }
      } finally {
        clearInterval(publishing);
      }
      await until('all', () => seen.length === n);
      assert.deepEqual(seen, offsets(1, n));
      assert.equal(modes().filter((mode) => mode === 'polling').length >= 5, true);
      const polls = client.counts.polls;
      await new Promise((waited) => setTimeout(waited, 150));
      assert.equal(client.counts.polls, polls);
    });

    it('goes on after a server that could not answer', async () => {
      server.blocked = true;
      listening().connect();
      await until('the end is known', () => client.cursor === 1);
      server.answering = false;
      await until('offline', () => client.mode === 'offline');
      server.publish({ n: 1 });
      server.answering = true;
      await until('it', () => seen.length === 1);
      assert.equal(client.mode, 'polling');
    });
  });
});
