// The vote page: a button for each candidate publishes its text, at QoS 2 so that it is counted once.
// Any other MQTT client can vote with the same text on the same topic.
import { openBroker } from './page/broker.js';
import { byId, element, setText } from './page/dom.js';
import { openFrame } from './page/frame.js';
import { texts, translate } from './page/language.js';
import { Ballot } from './vote/ballot.js';
import { TEXTS } from './vote/texts.js';

const t = texts(TEXTS);
translate(t);
const frame = openFrame();
const mqtt = openBroker(frame, 'vote', { session: true });
const buttons = new Map();
let vote = null;
let ballot = null;

function prepare({ pages }) {
  mqtt.willPublish(pages.vote.topic);
  if (JSON.stringify(vote) === JSON.stringify(pages.vote)) return;
  vote = pages.vote;
  ballot = new Ballot(vote);
  setText(byId('question'), vote.title ?? t('question'));
  setText(byId('courtesy'), t(vote.oncePerBrowser ? 'once' : 'often'));
  buttons.clear();
  for (const name of vote.candidates) buttons.set(name, candidate(name));
  byId('candidates').replaceChildren(...buttons.values());
  show();
}

function candidate(name) {
  const button = element('button', 'candidate', element('span', '', name), element('i'));
  button.type = 'button';
  button.addEventListener('click', () => cast(name));
  return button;
}

function cast(name) {
  if (isLocked()) return;
  ballot.choose(name);
  const taken = mqtt.publish(vote.topic, name, { qos: 2 });
  frame.notice(taken ? '' : t('full'));
  show();
}

function isLocked() {
  return vote.oncePerBrowser && ballot.choice !== null;
}

function show() {
  if (!ballot) return;
  const { choice, counted } = ballot;
  for (const [name, button] of buttons) {
    button.setAttribute('aria-pressed', String(name === choice));
    button.setAttribute('aria-disabled', String(isLocked() && name !== choice));
    button.classList.toggle('counted', name === choice && counted);
  }
  setText(byId('said'), choice === null ? '' : t(state(counted), { choice, count: Math.max(1, mqtt.waiting) }));
  byId('said').dataset.state = choice === null ? '' : state(counted);
}

function state(counted) {
  if (counted) return 'counted';
  return mqtt.mode === 'websocket' ? 'sending' : 'kept';
}

mqtt.on('settings', prepare);
mqtt.on('status', show);
mqtt.on('delivered', () => {
  if (mqtt.waiting === 0) ballot.count();
  show();
});
