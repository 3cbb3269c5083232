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
            meaning =
                "most bytes in a batch; a single longer record goes alone. Not more than a 16th of"
                    + " the heap")
        int maxBytes)
    implements Checked {
  /** A batch is held as it is read, as text, as it is sent, and while others are under way. */
  private static final int HEAP_PER_BYTE = 16;

  @Override
  public void check(Checks at) {
    long heap = Runtime.getRuntime().maxMemory();
    int fits = bytesFor(heap);
    if (fits < maxBytes) {
      at.warn(
          "maxBytes",
          "is %d; in a heap of %d batches have at most %d; give it -Xmx%dm or more for larger ones"
              .formatted(maxBytes, heap, fits, ((long) maxBytes * (HEAP_PER_BYTE + 1)) >> 20));
    }
  }

  /** Most bytes of a batch in a process with such a heap. */
  public int bytesFor(long heap) {
    return (int) Math.min(maxBytes, heap / HEAP_PER_BYTE);
  }
}
