// The results page: counts the votes on the topic, live. Broker and browser share a session, at QoS 2,
// so that a vote is counted once, also one that was cast while nobody had this page open.
import { openBroker } from './page/broker.js';
import { byId } from './page/dom.js';
import { openFrame } from './page/frame.js';
import { formatCount, texts, translate } from './page/language.js';
import { Board } from './results/board.js';
import { Tally } from './results/tally.js';
import { TEXTS } from './results/texts.js';

const SHOW_AT_MOST_EVERY_MS = 200;

const t = texts(TEXTS);
translate(t);
const frame = openFrame();
const mqtt = openBroker(frame, 'results', { session: true });
const board = new Board(t);
let vote = null;
let tally = null;
let timer;

function prepare({ pages }) {
  mqtt.subscribe(pages.vote.topic, 2);
  if (JSON.stringify(vote) === JSON.stringify(pages.vote)) return;
  vote = pages.vote;
  tally = new Tally(vote);
  board.open(vote);
  board.show(tally.read());
}

// A retained message was published before somebody wanted to count; what is new comes without the mark.
function take({ topic, text, retained }) {
  if (retained || topic !== vote.topic) return;
  tally.count(text.trim());
  timer ??= setTimeout(show, SHOW_AT_MOST_EVERY_MS);
}

function show() {
  timer = undefined;
  if (tally && !document.hidden) board.show(tally.read());
}

function connection({ mode }) {
  byId('state').dataset.mode = mode;
  byId('state').textContent = t(mode);
}

// --- buttons

byId('full').addEventListener('click', () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else byId('board').requestFullscreen().catch(() => {}); // a browser may not want to; Escape leads back
});

byId('reset').addEventListener('click', () => {
  const { total, unknown } = tally.read();
  byId('sure').textContent = t('sure', { count: formatCount(total + unknown) });
  byId('confirm').returnValue = 'no';
  byId('confirm').showModal();
});

byId('confirm').addEventListener('close', () => {
  if (byId('confirm').returnValue !== 'yes') return;
  tally.reset();
  board.show(tally.read());
});

const address = new URL('vote', location.href);
byId('where').textContent = `${address.host}${address.pathname}`;
mqtt.on('settings', prepare);
mqtt.on('message', take);
mqtt.on('status', connection);
connection(mqtt);
document.addEventListener('visibilitychange', show);
