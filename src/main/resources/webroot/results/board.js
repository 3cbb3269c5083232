// The bars: a row of a table for each candidate, so that what is seen can be read, too.
import { byId, element, setText } from '../page/dom.js';
import { formatCount, formatTime, language } from '../page/language.js';

const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });

export class Board {
  #t;
  #rows = new Map();

  /** @param t texts of the page */
  constructor(t) {
    this.#t = t;
  }

  /** @param {{title: string | null, candidates: string[]}} vote */
  open({ title, candidates }) {
    setText(byId('question'), title ?? this.#t('question'));
    this.#rows = new Map(candidates.map((name) => [name, newRow(name)]));
    byId('rows').replaceChildren(...[...this.#rows.values()].map((row) => row.line));
  }

  /** @param {{counts: Map<string, number>, unknown: number, total: number, since: number | null}} tally */
  show({ counts, unknown, total, since }) {
    const most = Math.max(...counts.values());
    for (const [name, row] of this.#rows) {
      const count = counts.get(name);
      const share = total > 0 ? count / total : 0;
      row.fill.style.setProperty('--share', String(share));
      row.line.classList.toggle('leads', count > 0 && count === most);
      setText(row.share, percent.format(share));
      setText(row.count, formatCount(count));
    }
    setText(byId('total'), formatCount(total));
    setText(byId('total-word'), this.#t(total === 1 ? 'totalOne' : 'total'));
    setText(byId('unknown'), unknown > 0 ? this.#t('unknown', { count: formatCount(unknown) }) : '');
    setText(byId('since'), since ? this.#t('since', { time: formatTime(since) }) : '');
  }
}

function newRow(name) {
  const head = element('th', '', name);
  head.scope = 'row';
  const fill = element('i');
  const track = element('span', 'track', fill);
  track.setAttribute('aria-hidden', 'true');
  const share = element('b');
  const count = element('td', 'count');
  return { line: element('tr', '', head, element('td', 'bar', track, share), count), fill, share, count };
}
