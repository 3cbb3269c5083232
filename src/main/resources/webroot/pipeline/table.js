// The same facts as a table, for who cannot or does not want to see the picture.
import { element } from '../page/dom.js';
import { formatCount, formatDuration } from '../page/language.js';
import { SIGNS, balance, cureOf, etaOf, faultTitle, isBroken, ledgerText, nameOf, perSecond, t, time } from './words.js';

const HEAD = ['edge', 'stage', 'state', 'in', 'out', 'queue', 'lag', 'etaHead', 'ledgerHead', 'lastFault'];

/** Fills the table anew. */
export function fillTable(table, picture) {
  const head = element('thead', '', element('tr', '', ...HEAD.map((key) => header(t(key), 'col'))));
  const body = element('tbody');
  for (const edge of picture.edges) {
    edge.stages.forEach((stage) => body.append(row(edge.edge, stage, edge.ledger)));
  }
  picture.server.stages.forEach((stage) => body.append(row(t('server'), stage)));
  table.replaceChildren(head, body);
}

function header(text, scope) {
  const cell = element('th', '', text);
  cell.scope = scope;
  return cell;
}

function row(owner, stage, ledger) {
  const word = element('span', 'word', `${SIGNS[stage.state]} ${t(stage.state)}`);
  word.dataset.state = stage.state;
  return element(
    'tr',
    '',
    header(owner, 'row'),
    element('td', '', nameOf(stage)),
    element('td', '', word),
    number(stage.inPerSecond === undefined ? '' : perSecond(stage.inPerSecond)),
    number(stage.outPerSecond === undefined ? '' : perSecond(stage.outPerSecond)),
    number(stage.queue ? formatCount(stage.queue.records) : ''),
    number(lag(stage)),
    number(stage.behind ? etaOf(stage.etaSeconds) : ''),
    element('td', '', stage.stage === 'spool' && ledger ? `${balance(ledger)}: ${ledgerText(ledger)}` : ''),
    element('td', '', stage.note ? `${t('plainNote')} ${fault(stage)}` : fault(stage)),
  );
}

function number(text) {
  return element('td', 'n', text);
}

function lag({ lagMs = 0 }) {
  if (lagMs === 0) return '';
  return lagMs < 1000 ? `${formatCount(lagMs)} ms` : formatDuration(lagMs);
}

function fault(stage) {
  if (!stage.fault) return '';
  const { since, until } = stage.fault;
  const title = faultTitle(stage);
  return isBroken(stage)
    ? `${title}, ${t('since', { time: time(since) })}. ${cureOf(stage.fault)}`
    : t('mended', { from: time(since), to: time(until), fault: title });
}
