package io.spillway.wire;

import io.spillway.bus.RoleState;
import io.spillway.message.Lines;
import java.util.List;

/** A message of {@code spillway.v1}. */
public sealed interface WireMessage {

  /**
   * Edge → server, first of all.
   *
   * @param first the lowest sequence number that it still holds; or one that it does not, of which
   *     it does not know whether the server has it
   * @param key what only the spool of this epoch knows, 32 hex digits; null if it has none, as in
   *     version 0.1
   * @param assured below it a server has acknowledged everything; 1 if none has acknowledged
   *     anything, and then nothing is said of it
   * @param assuredFrom in front of it, of those, some may have been dropped by a policy instead; 1
   *     if none was
   * @param skips whether it knows {@link Skip}, as each edge of this version does
   */
  record Hello(
      String edge,
      String epoch,
      long first,
      String key,
      long assured,
      long assuredFrom,
      boolean skips)
      implements WireMessage {
    /** Of an edge of this version. */
    public Hello(
        String edge, String epoch, long first, String key, long assured, long assuredFrom) {
      this(edge, epoch, first, key, assured, assuredFrom, true);
    }

    /** Of a spool that has dropped nothing. */
    public Hello(String edge, String epoch, long first, String key, long assured) {
      this(edge, epoch, first, key, assured, 1);
    }

    /** Of a spool of which nothing was acknowledged. */
    public Hello(String edge, String epoch, long first, String key) {
      this(edge, epoch, first, key, 1);
    }

    /** Of one that has no key, either. */
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
   * @param lostFrom from there on the server does not have what the hello says was acknowledged; 0
   *     if it has all of it, and then nothing is said
   * @param skips whether the edge may send a {@link Skip}: the hello says that it knows it
   */
  record Welcome(
      long next,
      int window,
      int maxRecords,
      int maxBytes,
      int statusMs,
      long lostFrom,
      boolean skips)
      implements WireMessage {
    /** Of a server that takes no skip. */
    public Welcome(
        long next, int window, int maxRecords, int maxBytes, int statusMs, long lostFrom) {
      this(next, window, maxRecords, maxBytes, statusMs, lostFrom, false);
    }

    /** Of a server that has what it should. */
    public Welcome(long next, int window, int maxRecords, int maxBytes, int statusMs) {
      this(next, window, maxRecords, maxBytes, statusMs, 0);
    }

    /** Of a server that wants no status. */
    public Welcome(long next, int window, int maxRecords, int maxBytes) {
      this(next, window, maxRecords, maxBytes, 0);
    }
  }

  /** Edge → server: the records from sequence number {@code first}. */
  record BatchMessage(long first, Lines lines) implements WireMessage {}

  /**
   * Edge → server, if the welcome says that it may: it does not hold these numbers any more, for
   * they were dropped by its policy, set aside or lost, and goes on behind them. Acknowledged as a
   * batch is.
   */
  record Skip(long first, long count) implements WireMessage {}

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
