package io.spillway.wire;

import io.spillway.message.Lines;

/** A message of {@code spillway.v1}. */
public sealed interface WireMessage {

  /** Edge → server, first of all. {@code first} is the lowest sequence number it still holds. */
  record Hello(String edge, String epoch, long first) implements WireMessage {}

  /**
   * Server → edge, the answer.
   *
   * @param next the first sequence number not yet stored, never below the edge's first
   * @param window how many batches may be unacknowledged
   * @param maxRecords most records in a batch
   * @param maxBytes most bytes in a message
   */
  record Welcome(long next, int window, int maxRecords, int maxBytes) implements WireMessage {}

  /** Edge → server: the records from sequence number {@code first}. */
  record BatchMessage(long first, Lines lines) implements WireMessage {}

  /** Server → edge: everything below {@code next} is on the server's disk. */
  record Ack(long next) implements WireMessage {}

  /** Server → edge: this one is kept aside with the reason, and counts as acknowledged. */
  record Reject(long seq, String reason) implements WireMessage {}
}
