// The chat: `alice` publishes retained messages to `chat/alice`, so that who comes later sees the last
// word of each name at once. mosquitto_pub and mosquitto_sub talk along on the same topics.
import { openBroker } from './page/broker.js';
import { byId } from './page/dom.js';
import { openFrame } from './page/frame.js';
import { formatCount, texts, translate } from './page/language.js';
import { remember, remembered } from './page/memory.js';
import { cleanName, clamp, nameOf, nameProblem, textProblem } from './chat/names.js';
import { People } from './chat/people.js';
import { Talk } from './chat/talk.js';
import { TEXTS } from './chat/texts.js';

const OWN_MAX = 100;
const KEPT_MAX = 10_000; // of a text that somebody else sent

const t = texts(TEXTS);
translate(t);
const frame = openFrame();
const mqtt = openBroker(frame, 'chat');
const people = new People(byId('people'));
const talk = new Talk(byId('talk'), t);
const own = []; // {topic, text, tick, heard, there} until the broker has it and it came back
let root = null;

mqtt.on('settings', ({ pages }) => {
  root = pages.chat.topic;
  mqtt.willPublish(`${root}/${nameProblem(name()) ? '-' : name()}`);
  mqtt.subscribe(`${root}/+`, 1);
});

// --- what comes

mqtt.on('message', ({ topic, text: whole, retained }) => {
  const from = nameOf(topic, root);
  if (from === null) return;
  const text = clamp(whole, KEPT_MAX);
  const mine = own.find((one) => one.topic === topic && one.text === whole && !one.heard);
  const news = !retained || (people.lastOf(from) !== undefined && people.lastOf(from) !== text); // or said while we were away
  if (mine) settle(mine, 'heard');
  else if (text === '') {
    if (people.lastOf(from) !== undefined) talk.note(from, t('cleared'));
  } else if (news) talk.heard(from, text);
  if (text === '') people.leave(from);
  else people.say(from, text);
  byId('nobody').hidden = people.size > 0;
});

mqtt.on('delivered', ({ topic, text }) => {
  const mine = own.find((one) => one.topic === topic && one.text === text && !one.there);
  if (!mine) return;
  mine.tick();
  settle(mine, 'there');
});

function settle(mine, what) {
  mine[what] = true;
  if (mine.there && mine.heard) own.splice(own.indexOf(mine), 1);
}

// --- what is said

const name = () => cleanName(byId('name').value);

function say(text) {
  const problem = nameProblem(name()) ?? textProblem(text);
  byId('problem').textContent = problem ? t(problem, { count: formatCount([...text].length) }) : '';
  byId('name').setAttribute('aria-invalid', String(Boolean(problem?.startsWith('name'))));
  if (problem?.startsWith('name')) byId('name').focus();
  if (problem) return false;
  const topic = `${root}/${name()}`;
  if (!mqtt.publish(topic, text, { retained: true })) {
    byId('problem').textContent = t('full');
    return false;
  }
  remember('name', name());
  const tick = text === '' ? () => {} : talk.own(name(), text);
  if (own.length > OWN_MAX) own.shift();
  if (text !== '') own.push({ topic, text, tick, heard: false, there: false });
  return true;
}

byId('write').noValidate = true; // what is wrong is said in our words
byId('write').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = byId('text').value.trim();
  if (text !== '' && root !== null && say(text)) byId('text').value = '';
});
byId('text').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId('write').requestSubmit();
});
byId('clear').addEventListener('click', () => root !== null && say(''));
byId('name').value = remembered('name') ?? '';
