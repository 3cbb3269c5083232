// The sentence at the top.
import { byId, setText } from '../page/dom.js';
import { formatShort } from '../page/language.js';
import { SIGNS, cureOf, faultTitle, isBroken, t } from './words.js';

/** Says how all is. */
export function verdict(state, title, text = '') {
  byId('verdict').dataset.state = state;
  setText(byId('verdict').firstElementChild, SIGNS[state]);
  setText(byId('verdict-title'), title);
  setText(byId('verdict-text'), text);
}

/** Says what is worst, or that all is well. */
export function judge({ state, edges, totals, server: { stages } }) {
  const all = [
    ...stages.map((stage) => ({ name: t('server'), stage })),
    ...edges.flatMap((edge) => edge.stages.map((stage) => ({ name: edge.edge, stage }))),
  ];
  const sick = all.filter(({ stage }) => isBroken(stage) && stage.state === 'failing');
  if (sick.length > 0) {
    const [{ name, stage }] = sick;
    const others = new Set(sick.map((one) => one.name)).size - 1 + hiddenSick(edges, totals);
    verdict('failing', t('sickTitle', { name, fault: faultTitle(stage) }), others > 0 ? t('sickMore', { count: others }) : cureOf(stage.fault));
  } else if (state === 'failing') {
    verdict('failing', t('sickElsewhere', { count: totals.states.failing }), t('sickElsewhereText'));
  } else if (totals.unbalanced > 0) {
    verdict('failing', t('ledgerOff', { count: totals.unbalanced }), t('ledgerOffText'));
  } else if (state === 'degraded') {
    const waiting = totals.queue.records + stages.reduce((sum, one) => sum + (one.behind ? one.queue.records : 0), 0);
    verdict('degraded', t('behindTitle'), t('behindText', { count: formatShort(waiting) }));
  } else if (state === 'silent') {
    verdict('silent', t('silentTitle'), t('silentText', { count: totals.states.silent }));
  } else if (totals.edges === 0) {
    verdict('unknown', t('noEdge'), t('noEdgeText'));
  } else if (state === 'unknown') {
    verdict('unknown', t('unknownTitle'), t('unknownText', { count: totals.states.unknown }));
  } else {
    verdict('ok', t('allWell'), t('allWellText'));
  }
}

// Edges come sick first: those that are not listed count only if all that are listed are sick.
function hiddenSick(edges, totals) {
  const listed = edges.filter((edge) => edge.state === 'failing').length;
  return Math.max(0, totals.states.failing - listed);
}
