// What all pages have around their content: the way to the others, how the connection is, language,
// light or dark, and a place for what went wrong.
//
//   <body data-page="live"><main id="main">…</main></body>
//
//   const frame = openFrame();
//   frame.follow(connect());
import { element } from './dom.js';
import { language, speak, texts } from './language.js';
import { remember, remembered } from './memory.js';
import { FRAME } from './texts.js';

/** Path and text of each page. */
const PAGES = [['./', 'live'], ['pipeline'], ['twin'], ['events'], ['vote'], ['results'], ['chat']];
const THEMES = [null, 'light', 'dark'];
const THEME_SIGNS = { light: '☀', dark: '☾', null: '◐' };

const t = texts(FRAME);

/** Puts the frame around the page. */
export function openFrame() {
  return new Frame();
}

class Frame {
  #status = element('p', 'status', element('i'), element('span'));
  #notice = element('p', 'notice');
  #form = tokenForm();

  constructor() {
    this.#status.setAttribute('role', 'status');
    this.#notice.setAttribute('role', 'alert');
    this.#notice.hidden = this.#form.hidden = true;
    this.#form.id = 'token-form';
    this.#status.id = 'status';
    this.#notice.id = 'notice';
    const main = document.querySelector('main');
    main.id ||= 'main';
    main.tabIndex = -1;
    main.prepend(this.#notice, this.#form);
    document.body.prepend(skipLink(main.id), this.#header());
    document.querySelector('.top [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }); // on a phone
    this.status('offline');
  }

  /** A light and a word for how the page is connected: websocket, polling, offline or refused. */
  status(mode, text = t(mode)) {
    this.#status.dataset.mode = mode;
    this.#status.lastElementChild.textContent = text;
  }

  /** Says what went wrong; '' takes it back. */
  notice(text) {
    this.#notice.textContent = text;
    this.#notice.hidden = text === '';
  }

  /** Shows how a client of spillway.js is connected, and asks for a token when it needs one. */
  follow(live) {
    live.on('status', ({ mode }) => this.status(mode));
    live.on('open', () => this.#letIn());
    live.on('gap', ({ from, to }) => {
      if (live.counts.records > 0) this.notice(t('gap', { from, to: to - 1 }));
    });
    live.on('error', ({ reason, fatal }) => {
      if (fatal) this.#refused(reason); // of anything else the light tells
    });
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const input = this.#form.querySelector('input');
      live.setToken(input.value.trim());
      input.value = '';
    });
    this.status(live.mode);
    return live;
  }

  #letIn() {
    this.notice('');
    this.#form.hidden = true;
  }

  #refused(reason) {
    this.notice(reason);
    this.status('refused');
    this.#form.hidden = false;
    this.#form.querySelector('input').focus();
  }

  #header() {
    const icon = element('img');
    Object.assign(icon, { src: 'icon.svg', alt: '', width: 28, height: 28 });
    const home = element('a', 'brand', icon, 'Spillway');
    home.href = './';
    return element('header', 'top', home, navigation(), this.#status, tools());
  }
}

function skipLink(id) {
  const link = element('a', 'skip', t('skip'));
  link.href = `#${id}`;
  return link;
}

function navigation() {
  const nav = element('nav');
  nav.setAttribute('aria-label', t('pages'));
  for (const [path, name = path] of PAGES) {
    const link = element('a', '', t(name));
    link.href = path;
    if (name === document.body.dataset.page) link.setAttribute('aria-current', 'page');
    nav.append(link);
  }
  return nav;
}

function tools() {
  const other = element('button', 'tool', language === 'fr' ? 'EN' : 'FR');
  other.title = t('language');
  other.lang = language === 'fr' ? 'en' : 'fr';
  other.id = 'language';
  other.addEventListener('click', () => speak(other.lang));
  const theme = element('button', 'tool');
  theme.title = t('theme');
  theme.id = 'theme';
  theme.setAttribute('aria-label', t('theme'));
  theme.addEventListener('click', () => {
    paint(theme, THEMES[(THEMES.indexOf(remembered('theme')) + 1) % THEMES.length]);
  });
  paint(theme, remembered('theme'));
  for (const button of [other, theme]) button.type = 'button';
  return element('div', 'tools', other, theme);
}

// In turn: as the system has it, light, dark.
function paint(button, theme) {
  remember('theme', theme);
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  button.textContent = THEME_SIGNS[theme];
  document.dispatchEvent(new Event('themechange')); // for what is drawn and not styled
}

function tokenForm() {
  const label = element('label', '', t('token'));
  label.htmlFor = 'token';
  const input = element('input');
  Object.assign(input, { id: 'token', type: 'password', autocomplete: 'off', required: true });
  return element('form', 'notice', label, input, element('button', '', t('connect')));
}
