// One room on the plan: a button with what matters most of it.
import { setText, svg } from '../page/dom.js';
import { factsOf, measured, siteName, t } from './facts.js';

const DOOR = 22;
const DOOR_AT = DOOR + 14; // from the right
const PAD = 12;
const LETTER = 7.4; // about as wide as one of the name
const DIGIT = 7; // and one of the facts

export class RoomBox {
  #room;
  #size;
  #floor = svg('rect', { class: 'floor', rx: 3 });
  #hatch = svg('rect', { class: 'hatch', fill: 'url(#hatched)' });
  #name = svg('text', { class: 'name' });
  #score = svg('tspan', { class: 'score' });
  #word = svg('tspan', { class: 'word', dx: 7 });
  #verdict = svg('text', {}, this.#score, this.#word);
  #facts = svg('text', { class: 'facts' });
  #ahead = svg('text', { class: 'ahead' });
  #alert = svg('g', { class: 'alert' }, svg('circle', { r: 10 }), svg('text', { y: 4 }));
  #title = svg('title');

  constructor(room, box, dense) {
    this.#room = room;
    this.#size = box;
    const { x, y, width, height } = box;
    this.node = svg('g', { class: 'room', role: 'button', tabindex: -1, transform: `translate(${x} ${y})` });
    this.node.dataset.key = room.key;
    for (const rect of [this.#floor, this.#hatch]) place(rect, { width, height });
    place(this.#name, { x: PAD, y: dense ? 19 : 25 });
    place(this.#verdict, { x: PAD, y: dense ? 48 : 64 });
    place(this.#facts, { x: PAD, y: 87 });
    place(this.#ahead, { x: PAD, y: 109 });
    this.#alert.setAttribute('transform', `translate(${width - 20} ${dense || box.door === 'up' ? 46 : 21})`);
    const detail = dense ? [] : [this.#facts, this.#ahead];
    this.node.append(this.#title, this.#floor, this.#hatch, ...(dense ? [] : doorOf(box)), this.#name, this.#verdict, ...detail, this.#alert);
    this.show();
  }

  /** As it is now. */
  show() {
    const { score, band, word, stale, ahead, arrow, alerts } = factsOf(this.#room);
    const room = this.#room;
    const number = score === null ? '–' : String(score);
    Object.assign(this.node.dataset, { band, stale: String(stale), alerts: String(alerts.length) });
    const chars = Math.max(3, Math.floor((this.#size.width - 2 * PAD - (alerts.length > 0 ? 18 : 0)) / LETTER));
    setText(this.#name, room.name.length > chars ? `${room.name.slice(0, chars - 1)}…` : room.name);
    setText(this.#score, number);
    setText(this.#word, stale ? t('stale') : word);
    setText(this.#facts, this.#measured());
    setText(this.#ahead, ahead && !stale ? this.#expected(ahead, arrow) : '');
    setText(this.#alert.lastElementChild, alerts.length > 9 ? '9+' : String(alerts.length));
    this.#alert.classList.toggle('critical', alerts.some(({ critical }) => critical));
    const label = labelOf(room, { score: number, word, stale, alerts });
    setText(this.#title, label);
    this.node.setAttribute('aria-label', label);
  }

  // With the minutes where there is room for them beside the door.
  #expected({ at, score }, arrow) {
    const { width, door } = this.#size;
    const text = `${arrow} ${t('in30', { minutes: minutesTo(at), value: score })}`;
    return text.length * DIGIT <= width - PAD - (door === 'down' ? DOOR_AT : PAD) ? text : `${arrow} ${score}`;
  }

  // What was measured and has room; of two the more telling one.
  #measured() {
    const known = ['Temperature', 'CO2'].filter((label) => this.#room.values.has(label)).map((label) => measured(this.#room, label));
    const both = known.join(' · ');
    return both.length * DIGIT <= this.#size.width - 2 * PAD ? both : known.at(-1);
  }
}

export const minutesTo = (at) => Math.max(1, Math.round((at - Date.now()) / 60_000));

function labelOf(room, { score, word, stale, alerts }) {
  const parts = [`${score} ${word}`, stale ? t('stale') : '', alerts.length > 0 ? `${t('alerts')}: ${alerts.length}` : ''];
  return t('aria', { room: room.name, site: siteName(room.site), score: parts.filter(Boolean).join(', ') });
}

// A gap in the wall, and the leaf that opens into the room.
function doorOf({ width, height, door }) {
  const at = door === 'down' ? height : 0;
  const into = door === 'down' ? -1 : 1;
  const x = width - DOOR_AT;
  return [
    svg('line', { class: 'gap', x1: x, x2: x + DOOR, y1: at, y2: at }),
    svg('path', { class: 'door', d: `M${x} ${at} v${into * DOOR} A${DOOR} ${DOOR} 0 0 ${into < 0 ? 1 : 0} ${x + DOOR} ${at}` }),
  ];
}

function place(node, attributes) {
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
}
