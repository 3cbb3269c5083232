// What is said of a room, in words: on the plan, in the table, in its panel.
import { formatValue, language, texts } from '../page/language.js';
import { QUANTITIES } from '../page/records.js';
import { bandOf } from './room.js';
import { TEXTS } from './texts.js';

export const t = texts(TEXTS);

const formats = Object.fromEntries(
  QUANTITIES.map(({ label, digits }) => [label, new Intl.NumberFormat(language, { maximumFractionDigits: digits })]),
);
const units = Object.fromEntries(QUANTITIES.map(({ label, unit }) => [label, unit]));

/** 21.4 °C */
export function withUnit(label, value) {
  return `${formats[label]?.format(value) ?? formatValue(value)}\u00a0${units[label] ?? ''}`;
}

/** 645 ppm, or a dash when it was not measured. */
export function measured(room, label) {
  const known = room.values.get(label);
  return known ? withUnit(label, known.value) : '–';
}

/** The site's name, or that it has none. */
export const siteName = (site) => site || t('noSite');

/** The facts of now: {score, band, word, stale, ahead, arrow, alerts}. */
export function factsOf(room, now = Date.now()) {
  const score = room.score(now);
  const band = bandOf(score);
  const ahead = room.outlook(now);
  return {
    score, band, ahead,
    word: t(band),
    stale: room.isStale(now),
    arrow: ahead && score !== null ? arrowOf(ahead.score - score) : '→',
    alerts: room.alerts(),
  };
}

/** Up from a difference of three on, down likewise. */
export function arrowOf(difference, least = 3) {
  if (Math.abs(difference) < least) return '→';
  return difference > 0 ? '↗' : '↘';
}

/** CO₂ 1,104 ppm, above 1,000 */
export function alertText({ quantity, direction, value, threshold, unit }) {
  const name = units[quantity] ? t(quantity) : quantity;
  const number = (of) => (of === null ? '–' : formatValue(of));
  const values = { quantity: name, value: number(value), unit, threshold: number(threshold) };
  return t(direction === 'low' ? 'below' : 'above', values);
}
