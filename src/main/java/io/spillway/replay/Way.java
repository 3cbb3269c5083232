package io.spillway.replay;

/**
 * How the lines of one source go.
 *
 * @param broker under which its progress is noted; null where the target knows it itself
 * @param words as what and where to, for a person
 */
record Way(Target target, Shaper shaper, String broker, String words) {}
