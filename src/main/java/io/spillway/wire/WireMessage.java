package io.spillway.wire;

import io.spillway.bus.RoleState;
import io.spillway.message.Lines;
import java.util.List;

/** A message of {@code spillway.v1}. */
public sealed interface WireMessage {

  /**
   * Edge → server, first of all.
   *
   * @param first the lowest sequence number that it still holds
   * @param key what only the spool of this epoch knows, 32 hex digits; null if it has none, as in
   *     version 0.1
   */
  record Hello(String edge, String epoch, long first, String key) implements WireMessage {
    /** Of a spool that has no key. */
    public Hello(String edge, String epoch, long first) {
      this(edge, epoch, first, null);
    }

    /** Without the key, which is for the server alone. */
    @Override
    public String toString() {
      return "Hello[" + edge + '.' + epoch + ", first=" + first + ']';
    }
  }

  /**
   * Server → edge, the answer.
   *
   * @param next the first sequence number not yet stored, never below the edge's first
   * @param window how many batches may be unacknowledged
   * @param maxRecords most records in a batch
   * @param maxBytes most bytes in a message
   * @param statusMs how often the server likes to hear a {@link Status}; 0: not at all
   */
  record Welcome(long next, int window, int maxRecords, int maxBytes, int statusMs)
      implements WireMessage {
    /** Of a server that wants no status. */
    public Welcome(long next, int window, int maxRecords, int maxBytes) {
      this(next, window, maxRecords, maxBytes, 0);
    }
  }

  /** Edge → server: the records from sequence number {@code first}. */
  record BatchMessage(long first, Lines lines) implements WireMessage {}

  /** Server → edge: everything below {@code next} is on the server's disk. */
  record Ack(long next) implements WireMessage {}

  /** Server → edge: this one is kept aside with the reason, and counts as acknowledged. */
  record Reject(long seq, String reason) implements WireMessage {}

  /** Edge → server, if the welcome asks for it: how the roles of the edge are. Never answered. */
  record Status(List<RoleState> roles) implements WireMessage {
    public Status {
      roles = List.copyOf(roles);
    }
  }
}
