// One line about an event, from what its record holds.
import { formatValue, language, texts } from '../page/language.js';
import { numberOf, objectOf, textOf } from '../page/records.js';
import { TEXTS } from './texts.js';

export const t = texts(TEXTS);

const MEMBERS_MAX = 4;
const LINE_MAX = 200;

/** @param {import('./feed.js').Event} event */
export function say({ kind, record }) {
  const line = { alerts: alert, actions: action, modules: module, events: data }[kind](record);
  return line.length > LINE_MAX ? `${line.slice(0, LINE_MAX - 1)}…` : line;
}

const place = (record) => [record.enseigne, record.salle].map((name) => textOf(name, 60)).filter(Boolean).join(' · ') || textOf(record.sensor_id, 60);

const together = (...parts) => parts.filter(Boolean).join(', ');

function alert(record) {
  const value = numberOf(record.value);
  const reading = value === null ? '' : `${formatValue(value)} ${textOf(record.unit, 20)}`;
  const state = record.state === 'over' ? t('over') : [textOf(record.level, 20)].map((level) => t(level))[0];
  return [together(place(record), state), `${textOf(record.quantity, 40)} ${reading}`.trim()].filter(Boolean).join(' – ');
}

function action(record) {
  const text = objectOf(record.text);
  return [place(record), textOf(text[language], 160) || textOf(text.en, 160) || textOf(record.action, 60)].filter(Boolean).join(' – ');
}

function module(record) {
  const state = textOf(record.state, 20);
  return [place(record), ['new', 'back', 'stale'].includes(state) ? t(state) : state].filter(Boolean).join(' – ');
}

function data(record) {
  const own = objectOf(record.data);
  const title = textOf(own.tourTitle);
  const seats = numberOf(own.availableSeats);
  if (title && seats !== null) {
    const most = numberOf(own.maxGroupSize);
    return t(most === null ? 'seats' : 'seatsOf', { title, seats: formatValue(seats), most: most === null ? '' : formatValue(most) });
  }
  return members(Object.keys(own).length > 0 ? own : record);
}

// The first that are a text or a number, and no ids and times.
function members(from) {
  return Object.entries(from)
    .filter(([name, value]) => !/^_|^(type|timestamp)$|id$/i.test(name) && textOf(value) !== '')
    .slice(0, MEMBERS_MAX)
    .map(([name, value]) => `${textOf(name, 40)}: ${textOf(value, 60)}`)
    .join(', ');
}
