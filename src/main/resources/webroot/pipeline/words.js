// Facts as words.
import { formatCount, formatDuration, formatShort, formatTime, formatValue, language, texts } from '../page/language.js';
import { CURES, TEXTS } from './texts.js';

export const t = texts(TEXTS);

export const SIGNS = { ok: '✓', unknown: '?', silent: '…', degraded: '▲', failing: '✕' };
const LATE_MS = 1000;
const DATABASES = { postgres: 'PostgreSQL', influx: 'InfluxDB' };

/** 9.5, 120, 12.3K */
export const rate = (value) => (value < 10 ? formatValue(Number((value ?? 0).toFixed(1))) : formatShort(value));

export const perSecond = (value) => t('perSecond', { count: rate(value) });

/** What a stage is called. */
export const nameOf = (stage) => DATABASES[stage.role] ?? t(stage.stage);

/** How much waits, and if that is much, for how long it has and will. */
export function queueOf(stage) {
  const count = stage.queue?.records ?? 0;
  if (count === 0) return [t('empty'), ''];
  const waiting = count === 1 ? t('recordsOne') : t('records', { count: formatShort(count) });
  return [waiting, stage.behind ? latenessOf(stage) : ''];
}

/** 4 min late, empty in 2 min */
export function latenessOf({ lagMs = 0, etaSeconds }) {
  const eta = etaOf(etaSeconds);
  return lagMs < LATE_MS ? eta : `${t('late', { time: formatDuration(lagMs) })}, ${eta}`;
}

export function etaOf(seconds) {
  return seconds === null || seconds === undefined ? t('growing') : t('eta', { time: formatDuration(Math.max(1, seconds) * 1000) });
}

const sentence = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** A fault in one line. */
export function faultTitle(stage) {
  const who = t(`who_${stage.stage}`, { name: nameOf(stage) });
  return sentence(t(`fault_${stage.fault.kind}`, { who }));
}

/** What to do: in the words of the server, which know more, or in those of this language. */
export function cureOf(fault) {
  const cure = language === 'fr' ? (CURES[fault.kind] ?? fault.cure) : fault.cure;
  return sentence(cure);
}

export const isBroken = (stage) => Boolean(stage.fault) && stage.fault.until === null;

export const time = (text) => formatTime(Date.parse(text));

/** Whether the ledger balances, and if not, by how much. */
export function balance({ difference }) {
  if (difference === 0) return `✓ ${t('balanced')}`;
  return `✕ ${t(difference > 0 ? 'unbalanced' : 'surplus', { count: formatCount(Math.abs(difference)) })}`;
}

/** The ledger in one line. */
export function ledgerText(ledger) {
  const values = Object.entries(ledger).map(([name, value]) => [name, formatCount(value)]);
  return t('ledgerText', Object.fromEntries(values));
}
