// English or French: as chosen here, as `?lang=` says, or as the browser prefers.
import { remember, remembered } from './memory.js';

export const LANGUAGES = ['en', 'fr'];

/** `en` or `fr`. */
export const language = choose();
document.documentElement.lang = language;

function choose() {
  const asked = new URLSearchParams(location.search).get('lang');
  if (LANGUAGES.includes(asked)) remember('language', asked);
  const wanted = [asked, remembered('language'), ...navigator.languages.map((name) => name.slice(0, 2))];
  return wanted.find((name) => LANGUAGES.includes(name)) ?? 'en';
}

/** Keeps the choice and loads the page anew; what it showed comes back from the server. */
export function speak(chosen) {
  remember('language', chosen);
  const url = new URL(location.href);
  url.searchParams.delete('lang');
  location.replace(url);
}

/**
 * The texts of a page. A text may have places such as `{count}`.
 * @param {{en: Record<string, string>, fr: Record<string, string>}} texts
 * @returns {(key: string, values?: Record<string, string | number>) => string}
 */
export function texts({ en, fr }) {
  const own = language === 'fr' ? fr : en;
  return (key, values = {}) =>
    (own[key] ?? en[key] ?? key).replace(/\{(\w+)}/g, (place, name) => (name in values ? String(values[name]) : place));
}

/**
 * Puts texts where the page names them: `data-t="key"` for the text of an element,
 * `data-t-aria-label`, `data-t-placeholder` or `data-t-title` for an attribute.
 */
export function translate(t, root = document) {
  for (const one of root.querySelectorAll('[data-t]')) one.textContent = t(one.getAttribute('data-t'));
  for (const attribute of ['aria-label', 'placeholder', 'title', 'content']) {
    for (const one of root.querySelectorAll(`[data-t-${attribute}]`)) {
      one.setAttribute(attribute, t(one.getAttribute(`data-t-${attribute}`)));
    }
  }
}

const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const precise = new Intl.NumberFormat(language, { maximumSignificantDigits: 5 });
const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumSignificantDigits: 3 });
const clock = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
const dayAndClock = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
/** @type {['day' | 'hour' | 'minute' | 'second', number][]} with how many ms one is, the longest first */
const UNITS = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1000]];
// Narrow, French has just a minus sign.
const past = new Intl.RelativeTimeFormat(language, { numeric: 'always', style: language === 'fr' ? 'short' : 'narrow' });

/** 1,234 */
export const formatCount = (value) => whole.format(value);

/** 21.25: as exact as somebody wants to read it */
export const formatValue = (value) => precise.format(value);

/** 12.3K */
export const formatShort = (value) => compact.format(value);

/** 13:59:07; with the day when it is not today */
export function formatTime(ms) {
  const today = new Date().toDateString() === new Date(ms).toDateString();
  return (today ? clock : dayAndClock).format(ms);
}

/** 3 min, 2 h 5 min, 4 days */
export function formatDuration(ms) {
  const [unit, size] = UNITS.find(([, one]) => ms >= one) ?? UNITS.at(-1);
  /** @type {Intl.NumberFormatOptions} */
  const format = { style: 'unit', unit, unitDisplay: unit === 'day' ? 'long' : 'short' };
  return new Intl.NumberFormat(language, format).format(Math.floor(ms / size));
}

/** 3 min ago; the moment itself is a second long */
export function formatAge(ms) {
  if (ms < 2000) return language === 'fr' ? 'à l’instant' : 'now';
  const [unit, size] = UNITS.find(([, one]) => ms >= one);
  return past.format(-Math.floor(ms / size), unit);
}
