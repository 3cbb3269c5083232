// Topics as the server has them: names, event types, MQTT filters (MQTT 3.1.1 section 4.7).

const PLURALS = new Map([
  ['measurement', 'measurements'],
  ['prediction', 'predictions'],
  ['action', 'actions'],
  ['alert', 'alerts'],
  ['module', 'modules'],
]);
const NAMES = new Set(['all', 'events', ...PLURALS.keys(), ...PLURALS.values()]);
const NO_EVENTS = new Set(['measurements', 'predictions']); // what happened is all the rest
const TOPIC_BYTES_MAX = 1024;
const REMEMBERED_MAX = 1000;

/**
 * What is wrong with a topic; undefined if nothing is.
 * @param {unknown} topic a name, an event type or an MQTT topic filter
 * @returns {string | undefined}
 */
export function topicProblem(topic) {
  if (typeof topic !== 'string' || topic === '') return 'a topic is a text that is not empty';
  if (new TextEncoder().encode(topic).length > TOPIC_BYTES_MAX) return `longer than ${TOPIC_BYTES_MAX} bytes`;
  if (topic.includes('\0')) return 'contains the character U+0000';
  const levels = topic.split('/');
  for (const [i, level] of levels.entries()) {
    if (level.includes('#') && (level !== '#' || i < levels.length - 1)) return '# is not alone in the last level';
    if (level.includes('+') && level !== '+') return '+ is not alone in its level';
  }
  return undefined;
}

/**
 * Whether a filter matches an MQTT topic. A wildcard in the first level leaves out topics that
 * begin with $ (section 4.7.2).
 * @param {string} filter
 * @param {string} topic
 */
export function matches(filter, topic) {
  return takes(filter, topic, false);
}

/**
 * Whether a filter matches every topic that another one matches.
 * @param {string} filter
 * @param {string} other a filter, too
 */
export function covers(filter, other) {
  return takes(filter, other, true);
}

function takes(filter, text, isFilter) {
  const wanted = filter.split('/');
  const levels = text.split('/', wanted.length + 1); // no more of a long topic than is looked at
  if (text.startsWith('$') && (wanted[0] === '#' || wanted[0] === '+')) return false;
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] === '#') return true; // the level above, too
    if (i >= levels.length || (isFilter && levels[i] === '#')) return false;
    if (wanted[i] !== '+' && wanted[i] !== levels[i]) return false;
  }
  return wanted.length === levels.length;
}

/** Finds the topics, of those that are listened to, that a record is on. */
export class TopicIndex {
  /** @type {string[]} */ #topics = [];
  /** @type {{filter: string, topic: string}[]} */ #routes = [];
  /** @type {Map<string, string[]>} records of one kind are on the same topics; bounded */
  #remembered = new Map();

  /** @param {Iterable<string>} topics those that are listened to */
  listen(topics) {
    this.#topics = [...topics];
    this.#remembered.clear();
  }

  /** @param {{filter: string, topic: string}[]} routes the server's topics by MQTT filter */
  route(routes) {
    this.#routes = routes;
    this.#remembered.clear();
  }

  /**
   * @param {{type?: unknown, _topic?: unknown}} record
   * @returns {string[]}
   */
  of(record) {
    const type = typeof record.type === 'string' ? record.type : 'measurement';
    const mqtt = typeof record._topic === 'string' ? record._topic : null;
    const kind = JSON.stringify([type, mqtt]);
    let found = this.#remembered.get(kind);
    if (!found) {
      const names = this.#names(type, mqtt);
      found = this.#topics.filter(
        (topic) =>
          topic === 'all' ||
          (!isPattern(topic) && names.has(plural(topic))) ||
          (mqtt !== null && !NAMES.has(topic) && matches(topic, mqtt)),
      );
      if (this.#remembered.size >= REMEMBERED_MAX) this.#remembered.clear();
      this.#remembered.set(kind, found);
    }
    return found;
  }

  #names(type, mqtt) {
    const names = new Set([plural(type)]);
    for (const { filter, topic } of mqtt === null ? [] : this.#routes) {
      if (matches(filter, mqtt)) names.add(plural(topic));
    }
    if (!NO_EVENTS.has(plural(type))) names.add('events');
    return names;
  }
}

// No record type, but for MQTT topics only.
function isPattern(topic) {
  return /[/+#]/.test(topic);
}

function plural(name) {
  return PLURALS.get(name) ?? name;
}
