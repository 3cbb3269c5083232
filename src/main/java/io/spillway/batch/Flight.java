package io.spillway.batch;

/** The batches that are on their way to the server, of those sent since the drain last began. */
final class Flight {
  static final int BATCHES_MAX = 64;
  static final int BYTES_MAX = 4 << 20;

  private int batches;
  private int bytes;

  /**
   * A batch on its way, to be given back with its answer.
   *
   * @param first offset of its first record
   * @param next the offset behind its last one
   */
  record Sent(Flight flight, long first, long next, int bytes) {
    /** It is answered, in whatever way. */
    void land() {
      flight.batches--;
      flight.bytes -= bytes;
    }
  }

  Sent send(long first, int count, int length) {
    batches++;
    bytes += length;
    return new Sent(this, first, first + count, length);
  }

  boolean isEmpty() {
    return batches == 0;
  }

  /** No more may be sent before something is answered. */
  boolean isFull() {
    return batches >= BATCHES_MAX || bytes >= BYTES_MAX;
  }
}
