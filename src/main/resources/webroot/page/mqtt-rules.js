// Who a page is for a broker, and what the server's gateway lets it do.
import { covers, matches } from '../spillway/topics.js';
import { remember, remembered } from './memory.js';

/**
 * What the gateway would close the connection for, again and again.
 * @param {{publish: string[] | null, subscribe: string[] | null} | null} rules `mqtt` of /config
 * @param {Iterable<string>} publishes topics
 * @param {Iterable<string>} filters
 * @returns {{why: 'off' | 'publish' | 'subscribe', topic?: string} | null} null: nothing
 */
export function denied(rules, publishes, filters) {
  if (!rules) return { why: 'off' };
  const publish = missing(rules.publish, publishes, matches);
  if (publish !== undefined) return { why: 'publish', topic: publish };
  const subscribe = missing(rules.subscribe, filters, covers);
  return subscribe === undefined ? null : { why: 'subscribe', topic: subscribe };
}

function missing(allowed, topics, allows) {
  return allowed === null ? undefined : [...topics].find((topic) => !allowed.some((rule) => allows(rule, topic)));
}

/**
 * A client identifier of at most 23 characters, which every broker takes.
 * @param {string} name up to 10 characters, and not `spillway`: edges are called so
 * @param {boolean} same the one of this browser, whenever it comes
 */
export function clientId(name, same) {
  const key = `mqtt.${name}`;
  const known = same ? remembered(key) : null;
  if (known) return known;
  const random = [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, '0'));
  const id = `${name}-${random.join('')}`;
  if (same) remember(key, id);
  return id;
}
