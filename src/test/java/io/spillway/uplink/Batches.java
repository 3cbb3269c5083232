package io.spillway.uplink;

import static io.spillway.message.Texts.lines;

import io.spillway.bus.Batch;
import io.spillway.bus.KeylessBatch;
import java.util.stream.LongStream;

/** Batches of small records that carry their number. */
final class Batches {
  private Batches() {}

  static Batch batch(long oldest, long first, int count) {
    return batch("e", oldest, first, count);
  }

  static Batch batch(String epoch, long oldest, long first, int count) {
    return KeylessBatch.of(
        "pi",
        epoch,
        oldest,
        first,
        lines(
            LongStream.range(first, first + count)
                .mapToObj(seq -> "{\"n\":" + seq + "}")
                .toList()));
  }
}
