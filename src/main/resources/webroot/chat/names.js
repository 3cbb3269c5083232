// A name is the last level of a topic (MQTT 3.1.1 section 4.7), so not everything can be one.

const NAME_MAX = 40;
const TEXT_MAX = 2000;

/** Controls, marks of the writing direction, halves of characters, wildcards and the separator. */
const FORBIDDEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff/+#]/u;

/** @returns {string | null} the key of a text */
export function nameProblem(name) {
  if (name === '') return 'nameMissing';
  if ([...name].length > NAME_MAX) return 'nameLong';
  return FORBIDDEN.test(name) ? 'nameWrong' : null;
}

/** @returns {string} as it is published */
export const cleanName = (typed) => typed.trim().normalize('NFC');

/** @returns {string | null} the key of a text */
export const textProblem = (text) => ([...text].length > TEXT_MAX ? 'textLong' : null);

/** What somebody else sent, no longer than a reader wants it. */
export function clamp(text, max = TEXT_MAX) {
  return text.length > max ? `${text.slice(0, max)}…` : text;
}

/** The name in `chat/name`; null: it is none of this chat. */
export function nameOf(topic, root) {
  if (!topic.startsWith(`${root}/`)) return null;
  const name = topic.slice(root.length + 1);
  return name === '' || name.includes('/') ? null : name;
}
