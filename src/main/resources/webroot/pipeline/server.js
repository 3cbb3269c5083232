// The server, and where records go from it.
import { element } from '../page/dom.js';
import { formatCount, formatShort } from '../page/language.js';
import { Part, Pipe, Trouble } from './parts.js';
import { latenessOf, nameOf, perSecond, t } from './words.js';

const SHAPES = { ingest: 'plugs', journal: 'journal', rabbit: 'broker', sink: 'database', live: 'screen', iaq: 'air' };
const INSIDE = ['ingest', 'rabbit', 'journal'];

/** Shows all stages of the server: some in its box, the others behind it. */
export class Server {
  #box;
  #inside;
  #outs;
  #views = new Map();

  constructor(box, outs) {
    this.#box = box;
    this.#inside = box.firstElementChild;
    this.#outs = outs;
  }

  show(stages) {
    const now = new Set();
    for (const stage of stages) {
      const key = `${stage.stage} ${stage.role} ${stage.name}`;
      now.add(key);
      const inside = INSIDE.includes(stage.stage);
      if (!this.#views.has(key)) {
        const view = inside ? new Inside(stage) : new Out(stage);
        this.#views.set(key, view);
        (inside ? this.#inside : this.#outs).append(...view.nodes);
      }
      this.#views.get(key).show(stage);
    }
    for (const [key, view] of this.#views) {
      if (now.has(key)) continue;
      view.nodes.forEach((node) => node.remove());
      this.#views.delete(key);
    }
    const broken = stages.some((one) => INSIDE.includes(one.stage) && one.state === 'failing');
    this.#box.dataset.state = broken ? 'failing' : 'ok';
  }
}

class Inside {
  #trouble = new Trouble();

  constructor(stage) {
    this.part = new Part(SHAPES[stage.stage]);
    this.nodes = [this.part.node, this.#trouble.node];
  }

  show(stage) {
    this.part.show(stage.state, nameOf(stage), ...notes(stage));
    this.#trouble.show([stage]);
  }
}

class Out {
  #pipe = new Pipe();
  #trouble = new Trouble();

  constructor(stage) {
    this.part = new Part(SHAPES[stage.stage]);
    const row = element('div', 'row', this.#pipe.node, this.part.node);
    this.nodes = [element('article', 'out', row, this.#trouble.node)];
  }

  show(stage) {
    this.#pipe.show(stage.state, stage.outPerSecond);
    this.part.show(stage.state, nameOf(stage), ...notes(stage));
    this.#trouble.show([stage]);
  }
}

function notes(stage) {
  const { counters = {} } = stage;
  const behind = stage.behind ? lateness(stage) : '';
  switch (stage.stage) {
    case 'ingest':
      return [t('sharedEdges', { count: formatCount(counters.edges ?? 0) })];
    case 'journal':
      return [`${perSecond(stage.outPerSecond)} · ${t('offset', { count: formatCount((counters.offset ?? 1) - 1) })}`, behind];
    case 'live':
      return [t('watching', { count: formatCount(counters.clients ?? 0) }), behind];
    case 'rabbit':
      return [perSecond(stage.inPerSecond), behind];
    default:
      return ['', behind];
  }
}

function lateness(stage) {
  const count = t('behind', { count: formatShort(stage.queue.records) });
  return stage.etaSeconds === null ? count : `${count}, ${latenessOf(stage)}`;
}
