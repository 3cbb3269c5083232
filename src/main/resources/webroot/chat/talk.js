// The conversation: bounded, newest last, in sight while nobody has scrolled up.
import { element, setText } from '../page/dom.js';
import { formatTime } from '../page/language.js';
import { clamp } from './names.js';

const LINES_MAX = 300;
const CALM = 3; // more at once are not read out
const NEAR_PX = 60;

export class Talk {
  #place;
  #t;
  #waiting = [];
  #gone = 0;
  #more = element('li', 'gone');
  #drawing = false;

  /** @param {HTMLElement} place @param t texts of the page */
  constructor(place, t) {
    this.#place = place;
    this.#t = t;
  }

  /** @returns a line of one's own, to be ticked */
  own(name, text) {
    const tick = element('i', 'tick', '…');
    tick.title = this.#t('waiting');
    this.#add(line(name, text, 'own', tick));
    return () => {
      tick.textContent = '✓';
      tick.title = this.#t('arrived');
      tick.classList.add('there');
    };
  }

  heard(name, text) {
    this.#add(line(name, text, ''));
  }

  note(name, text) {
    this.#add(line(name, text, 'note'));
  }

  #add(row) {
    this.#waiting.push(row);
    if (this.#waiting.length > LINES_MAX) {
      this.#waiting.shift();
      this.#gone++;
    }
    if (this.#drawing) return;
    this.#drawing = true;
    setTimeout(() => this.#draw(), 100);
  }

  #draw() {
    this.#drawing = false;
    const { scrollHeight, scrollTop, clientHeight } = this.#place;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    this.#place.ariaLive = this.#waiting.length > CALM ? 'off' : 'polite';
    this.#place.append(...this.#waiting);
    this.#waiting = [];
    this.#more.remove();
    while (this.#place.childElementCount > LINES_MAX) {
      this.#place.firstElementChild.remove();
      this.#gone++;
    }
    if (this.#gone > 0) {
      setText(this.#more, this.#t('gone', { count: this.#gone }));
      this.#place.prepend(this.#more);
    }
    if (atEnd) this.#place.scrollTop = this.#place.scrollHeight;
  }
}

function line(name, text, className, ...more) {
  const time = element('time', '', formatTime(Date.now()));
  const head = element('span', 'head', element('b', '', clamp(name, 60)), time, ...more);
  return element('li', className, head, element('p', '', clamp(text)));
}
