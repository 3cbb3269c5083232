package io.spillway.bus;

import io.spillway.message.Lines;

/** A batch that a test forwards. */
public final class KeylessBatch {
  private KeylessBatch() {}

  /** Of a spool that has no key, and has given out whatever the server may have. */
  public static Batch of(String edge, String epoch, long oldest, long first, Lines lines) {
    Origin origin = new Origin(edge, epoch, null, false);
    return new Batch(origin, oldest, Long.MAX_VALUE, first, lines);
  }
}
