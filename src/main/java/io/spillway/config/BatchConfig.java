package io.spillway.config;

import java.time.Duration;

/** When a batch goes: as soon as it is full, or this long after its oldest record. */
public record BatchConfig(
    @Key(
            byDefault = "500",
            max = 60_000,
            meaning = "a batch goes this long after its oldest record, or when it is full")
        Duration interval,
    @Key(byDefault = "100", min = 1, max = 10_000, meaning = "most records in a batch")
        int maxRecords,
    @Key(
            byDefault = "262144",
            min = 1_024,
            max = 16_777_216,
            meaning = "most bytes in a batch; a single longer record goes alone")
        int maxBytes)
    implements Checked {
  /** A batch is held as it is read, as it is sent, and while others are under way. */
  private static final int HEAP_PER_BYTE = 8;

  @Override
  public void check(Checks at) {
    long heap = Runtime.getRuntime().maxMemory();
    if (heap / HEAP_PER_BYTE < maxBytes) {
      at.warn(
          "maxBytes",
          "is %d, and this process has a heap of %d; give it -Xmx%dm or more, or make it smaller"
              .formatted(maxBytes, heap, ((long) maxBytes * (HEAP_PER_BYTE + 1)) >> 20));
    }
  }
}
