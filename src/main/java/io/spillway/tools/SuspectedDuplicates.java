package io.spillway.tools;

import io.spillway.redelivery.CommitMemo;
import io.spillway.redelivery.Delta;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Looks for messages that a spool may have stored twice: equal bytes on one topic with the same
 * MQTT packet identifier, in one session, read on two connections, with fewer than 32,768 messages
 * between. On one connection a repetition is always recognised; and over more messages an
 * identifier comes again by itself.
 *
 * <p>Each commit of a spool says the identifiers and fingerprints of the messages that it was made
 * of. So this reaches back as far as the spool does.
 */
final class SuspectedDuplicates {
  private static final int IDENTIFIERS = 65_536;
  private static final int MESSAGES_BETWEEN_MAX = 32_767;
  private static final int SHOWN = 20;

  /** A message that a commit was made of: its packet identifier, and what is kept of its print. */
  private record Read(int identifier, long print) {}

  /** Two records of one epoch that may be the same message. */
  record Pair(String series, long seq, long earlier) {}

  /** The record of a message: a number that is the same for equal bytes on one topic. */
  record Stored(long seq, long content) {}

  private final int[] connection = new int[IDENTIFIERS];
  private final long[] fingerprint = new long[IDENTIFIERS];
  private final long[] place = new long[IDENTIFIERS];
  private final Stored[] stored = new Stored[IDENTIFIERS];
  private final List<Pair> shown = new ArrayList<>();
  private long messages;
  private long count;
  private long untold;
  private long older;
  private long looked;

  /** Another spool follows, or another epoch of it. */
  void begin() {
    Arrays.fill(connection, 0);
    Arrays.fill(stored, null);
  }

  /**
   * A commit of the spool.
   *
   * @param memo what stands in its header
   * @param records those that it stored, in order
   */
  void commit(String series, byte[] memo, List<Stored> records) {
    CommitMemo said = memo.length == 0 ? null : CommitMemo.of(memo);
    boolean told = said != null && !said.isOlder();
    Delta delta = Delta.of(told ? said.rest() : new byte[0]);
    if (!delta.isWhole()) {
      older += records.size();
      return;
    }
    if (delta.clears()) {
      begin();
    }
    if (delta.isOfChunk()) {
      chunk(series, delta, records);
    }
  }

  private void chunk(String series, Delta delta, List<Stored> records) {
    int on = delta.on();
    List<Read> all = new ArrayList<>();
    delta.forEach((identifier, print) -> all.add(new Read(identifier, print)));
    boolean each = all.size() == records.size(); // a message, a record: the usual case
    List<Stored> left = new ArrayList<>(records);
    looked += records.size();
    for (int i = 0; i < all.size(); i++) {
      int identifier = all.get(i).identifier();
      Stored record = each ? records.get(i) : null;
      if (isRepeated(all.get(i), on)) {
        repeated(series, identifier, record, left);
      } else {
        stored[identifier] = record;
      }
      connection[identifier] = on;
      fingerprint[identifier] = all.get(i).print();
      place[identifier] = ++messages;
    }
  }

  private boolean isRepeated(Read message, int on) {
    int identifier = message.identifier();
    return connection[identifier] > 0
        && connection[identifier] < on
        && fingerprint[identifier] == message.print()
        && messages - place[identifier] < MESSAGES_BETWEEN_MAX;
  }

  /** It was left out, most likely; if it was stored, its record is in this commit. */
  private void repeated(String series, int identifier, Stored record, List<Stored> left) {
    Stored earlier = stored[identifier];
    if (earlier == null) {
      untold += left.isEmpty() ? 0 : 1;
      return;
    }
    for (Stored each : record == null ? left : List.of(record)) {
      if (each.content() == earlier.content()) {
        count++;
        if (shown.size() < SHOWN) {
          shown.add(new Pair(series, each.seq(), earlier.seq()));
        }
        left.remove(each);
        stored[identifier] = each;
        return;
      }
    }
    stored[identifier] = record == null ? earlier : record;
  }

  long count() {
    return count;
  }

  /** The first few. */
  List<Pair> shown() {
    return shown;
  }

  /** Repetitions of which it cannot be told whether they were stored. */
  long untold() {
    return untold;
  }

  /** Records that version 0.1 has stored: it noted no identifiers. */
  long older() {
    return older;
  }

  /** Records that were looked at. */
  long looked() {
    return looked;
  }
}
