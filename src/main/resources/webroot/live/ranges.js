// How much time the charts show.
import { element } from '../page/dom.js';
import { remember, remembered } from '../page/memory.js';

const MINUTE = 60_000;

/** Milliseconds by name; all that is held has no number of its own. */
export const RANGES = { '1m': MINUTE, '5m': 5 * MINUTE, '15m': 15 * MINUTE, '1h': 60 * MINUTE, all: Infinity };
const USUAL = '5m';

/** The one that was chosen last. */
export function rangeOfLastTime() {
  const name = remembered('range');
  return name in RANGES ? name : USUAL;
}

/**
 * Radio buttons that look like a switch.
 * @param {HTMLElement} place a fieldset
 * @param {string} group
 * @param {string} chosen
 * @param {(key: string) => string} t
 * @param {(name: string) => void} choose
 */
export function offerRanges(place, group, chosen, t, choose) {
  for (const name of Object.keys(RANGES)) {
    const input = element('input');
    Object.assign(input, { type: 'radio', name: group, value: name, checked: name === chosen });
    input.addEventListener('change', () => choose(name));
    place.append(element('label', '', input, element('span', '', t(`range_${name}`))));
  }
}

/** Is to be chosen next time, too. */
export const keepRange = (name) => remember('range', name);
