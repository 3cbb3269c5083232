package io.spillway.redelivery;

import java.util.Arrays;

/**
 * A fingerprint and a mark for each packet identifier, of which a session has 65,535 (MQTT 3.1.1
 * section 2.3.1). Eight bytes each, in pages that are made when they are needed: half a megabyte
 * when all are in use, two kilobytes after ten messages.
 */
final class IdentifierTable {
  /** What is done with an entry. */
  @FunctionalInterface
  interface Each {
    void accept(int identifier, long entry);
  }

  /** The last identifier; the first is 1. */
  static final int LAST = 65_535;

  /** The greatest mark; the least is 1. */
  static final int MARK_MAX = (1 << 24) - 1;

  private static final int PAGE_BITS = 8;
  private static final int PAGE = 1 << PAGE_BITS;
  private static final int MARK_BITS = 24;

  /** Bits of a fingerprint that are kept: only two messages with one identifier are compared. */
  private static final long KEPT = (1L << (Long.SIZE - MARK_BITS)) - 1;

  private final long[][] pages = new long[PAGE][];

  /** Takes the place of what the identifier had. */
  void put(int identifier, long fingerprint, int mark) {
    int page = identifier >> PAGE_BITS;
    if (pages[page] == null) {
      pages[page] = new long[PAGE];
    }
    pages[page][identifier & PAGE - 1] = kept(fingerprint) << MARK_BITS | mark;
  }

  /** The mark of an identifier, 0 if it has none. */
  int mark(int identifier) {
    return (int) entry(identifier) & MARK_MAX;
  }

  /** Whether the identifier has this fingerprint. */
  boolean matches(int identifier, long fingerprint) {
    long entry = entry(identifier);
    return entry != 0 && entry >>> MARK_BITS == kept(fingerprint);
  }

  /** Fingerprint and mark in one, 0 for none: {@code kept << 24 | mark}. */
  long entry(int identifier) {
    long[] page = pages[identifier >> PAGE_BITS];
    return page == null ? 0 : page[identifier & PAGE - 1];
  }

  /** Each identifier that has an entry, with the entry. */
  void forEach(Each action) {
    for (int page = 0; page < PAGE; page++) {
      for (int at = 0; pages[page] != null && at < PAGE; at++) {
        if (pages[page][at] != 0) {
          action.accept(page << PAGE_BITS | at, pages[page][at]);
        }
      }
    }
  }

  void clear() {
    Arrays.fill(pages, null);
  }

  /** The bits of a fingerprint by which it is known again. */
  static long kept(long fingerprint) {
    return fingerprint & KEPT;
  }
}
