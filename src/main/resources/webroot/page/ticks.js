// The marks of a time axis.
import { language } from './language.js';

const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400].map((s) => s * 1000);
const TICKS = 5;
/** From this step on no seconds are said. */
export const FINE_MS = 60_000;
const withSeconds = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
const withMinutes = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
const withDay = new Intl.DateTimeFormat(language, { dateStyle: 'short' });

/** Where a time axis has its marks: at full seconds, minutes, hours or days of the clock on the wall. */
export function ticks(from, to) {
  const stepMs = STEPS_MS.find((step) => (to - from) / step <= TICKS) ?? 86_400_000 * Math.ceil((to - from) / 86_400_000 / TICKS);
  const zoneMs = new Date(to).getTimezoneOffset() * 60_000;
  const found = [];
  for (let ms = Math.ceil((from - zoneMs) / stepMs) * stepMs + zoneMs; ms <= to && found.length <= 2 * TICKS; ms += stepMs) {
    found.push({ value: ms });
  }
  return found;
}

/** What such a mark says: as exact as the marks are close to each other. */
export function tickLabel(ms, all) {
  const stepMs = all.length > 1 ? all[1].value - all[0].value : FINE_MS;
  if (stepMs >= 86_400_000) return withDay.format(ms);
  return (stepMs < FINE_MS ? withSeconds : withMinutes).format(ms);
}
