// The same facts as the plan, for those who rather read or hear them.
import { element, setText } from '../page/dom.js';
import { formatAge } from '../page/language.js';
import { factsOf, measured, siteName, t } from './facts.js';

const ROWS_MAX = 300;
const HEADS = ['site', 'room', 'score', 'state', 'Temperature', 'CO2', 'Humidity', 'PM25', 'TVOC', 'expected', 'alerts', 'measured'];

/** Writes the table of these rooms; says how many were left out. */
export function tabulate(table, rooms, open) {
  if (!table.tHead) {
    table.append(element('thead', '', element('tr', '', ...HEADS.map(head))), element('tbody'));
    table.tBodies[0].addEventListener('click', ({ target }) => {
      const key = target.closest('button')?.dataset.key;
      if (key) open(key);
    });
  }
  const body = table.tBodies[0];
  const shown = rooms.slice(0, ROWS_MAX);
  while (body.rows.length > shown.length) body.rows[body.rows.length - 1].remove();
  while (body.rows.length < shown.length) body.append(row());
  shown.forEach((room, i) => fill(body.rows[i], room));
  return rooms.length - shown.length;
}

function head(name) {
  const cell = element('th', '', t(name));
  cell.scope = 'col';
  return cell;
}

function row() {
  const button = element('button', 'link');
  button.type = 'button';
  const cells = HEADS.map((name) => element(name === 'room' ? 'th' : 'td', '', ...(name === 'room' ? [button] : [])));
  cells[1].scope = 'row';
  return element('tr', '', ...cells);
}

function fill(row, room) {
  const { score, word, stale, ahead, arrow, alerts } = factsOf(room);
  const button = row.querySelector('button');
  button.dataset.key = room.key;
  setText(button, room.name);
  const texts = [
    siteName(room.site), null, score === null ? '–' : String(score), stale ? `${word}, ${t('stale')}` : word,
    ...HEADS.slice(4, 9).map((label) => measured(room, label)),
    ahead ? `${arrow} ${ahead.score}` : '–', alerts.length === 0 ? '–' : String(alerts.length),
    room.measuredAt === null ? '–' : formatAge(Math.max(0, Date.now() - room.measuredAt)),
  ];
  texts.forEach((text, i) => text !== null && setText(row.cells[i], text));
}
