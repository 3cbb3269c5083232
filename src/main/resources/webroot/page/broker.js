// A page that lives on MQTT: its connection in the frame, and in plain words what is missing if it has none.
import { element } from './dom.js';
import { texts } from './language.js';
import { Mqtt } from './mqtt.js';
import { MQTT } from './mqtt-texts.js';

const t = texts(MQTT);

/**
 * Connects, once the listeners of the page are there.
 * @param frame of openFrame()
 * @param {string} name
 * @param {{session?: boolean}} [options] see Mqtt
 */
export function openBroker(frame, name, options) {
  const mqtt = new Mqtt(name, options);
  frame.follow(mqtt);
  mqtt.on('error', ({ reason }) => {
    if (reason === 'server.mqtt') frame.notice(t('tokenNeeded'));
  });
  mqtt.on('stopped', (problem) => explain(problem));
  queueMicrotask(() => mqtt.open());
  return mqtt;
}

function explain({ why, topic }) {
  const card = element('section', 'empty stopped');
  card.setAttribute('role', 'alert');
  card.append(element('p', '', t(why, { topic })), ...cure(why, topic));
  const button = element('button', '', t(why === 'elsewhere' ? 'here' : 'again'));
  button.type = 'button';
  button.addEventListener('click', () => location.reload());
  card.append(button);
  document.querySelector('main').prepend(card); // the style hides what follows it
}

function cure(why, topic) {
  if (why === 'off') {
    const gateway = { server: { mqtt: { url: 'mqtt://127.0.0.1:1883', anonymous: true, publish: ['test/phone', 'chat/#'] } } };
    const direct = { server: { pages: { mqttUrl: 'wss://broker:8081' } } };
    return [element('p', '', t('offHow')), example(t('offGateway'), gateway), example(t('offDirect'), direct)];
  }
  if (why === 'publish' || why === 'subscribe') {
    const key = `server.mqtt.${why}`;
    return [example(t('ruleHow', { key }), { server: { mqtt: { [why]: [topic] } } })];
  }
  return [];
}

function example(title, conf) {
  return element('div', '', element('p', '', title), element('pre', '', JSON.stringify(conf)));
}
