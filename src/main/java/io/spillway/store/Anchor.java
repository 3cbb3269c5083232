package io.spillway.store;

/**
 * What the marks remember of the journal they belong to, so that a damaged file of it can be made
 * again.
 *
 * @param name of the journal; empty if it is not known
 * @param trustedFrom see {@link JournalName}
 * @param activeFirst first offset of the segment that was being written
 */
record Anchor(String name, long trustedFrom, long activeFirst) {
  static final Anchor NONE = new Anchor("", Long.MAX_VALUE, 1);
}
