// One edge: broker, spool, and the link to the server.
import { element, setText } from '../page/dom.js';
import { formatDuration, formatShort } from '../page/language.js';
import { Part, Pipe, Trouble, showWord } from './parts.js';
import { balance, ledgerText, queueOf, t } from './words.js';

const MISSING = { state: 'unknown' };

export class Lane {
  #title = element('h3');
  #word = element('span', 'word');
  #ledger = element('small');
  #broker = new Part('broker');
  #in = new Pipe();
  #spool = new Part('tank');
  #link = new Pipe();
  #note = element('small');
  #trouble = new Trouble();

  constructor() {
    const header = element('header', '', this.#title, this.#word, this.#ledger);
    const row = element('div', 'row', this.#broker.node, this.#in.node, this.#spool.node, this.#link.node);
    this.node = element('article', 'lane', header, row, this.#note, this.#trouble.node);
  }

  show(edge) {
    const of = (name) => edge.stages.find((one) => one.stage === name) ?? MISSING;
    const [source, spool, uplink] = ['source', 'spool', 'uplink'].map(of);
    this.node.dataset.state = edge.state;
    setText(this.#title, edge.edge);
    showWord(this.#word, edge.state, edge.stopped ? t('stopped') : t(edge.state));
    this.#showLedger(edge, spool);
    this.#broker.show(source.state, t('broker'), source.name ?? '');
    this.#in.show(source.state, source.inPerSecond ?? null);
    const [waiting, eta] = spool.role ? queueOf(spool) : ['', ''];
    this.#spool.show(spool.state, t('spool'), waiting, eta);
    this.#spool.fill(levelOf(spool));
    this.#link.show(uplink.state, uplink.outPerSecond ?? null);
    setText(this.#note, edge.gone ? ageOf(edge) : uplink.note ? t('plainNote') : '');
    this.#trouble.show([uplink, source, spool]);
  }

  #showLedger({ ledger }, spool) {
    if (!ledger) {
      setText(this.#ledger, spool.role ? '' : t('older'));
      return;
    }
    const lost = ledger.difference !== 0;
    this.#ledger.className = lost ? 'word' : '';
    this.#ledger.dataset.state = lost ? 'failing' : 'ok';
    setText(this.#ledger, t('ledgerIs', { text: balance(ledger) }));
    this.#ledger.title = ledgerText(ledger);
  }
}

// What is shown of an edge that is gone is of then.
function ageOf({ figuresAgeMs, waited }) {
  if (figuresAgeMs === null) return t('neverTold');
  const age = t('figuresAge', { time: formatDuration(figuresAgeMs) });
  return waited > 0 ? `${age} ${t('waited', { count: formatShort(waited) })}` : age;
}

// A share of the largest spool would not be seen for most of the time.
function levelOf({ queue }) {
  if (!queue || queue.records === 0) return 0;
  const full = queue.bytesMax ? Math.sqrt(queue.bytes / queue.bytesMax) : 0;
  const many = Math.log10(1 + queue.records) / 8;
  return Math.max(0.06, full, many);
}
