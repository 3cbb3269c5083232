package io.spillway.batch;

import io.spillway.bus.Arrival;
import io.spillway.bus.Chunk;
import io.spillway.message.Lines;
import io.spillway.message.Rejected;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * What of a chunk is new: all of it, but for messages that may have been handed over before and
 * whose fingerprint is known.
 *
 * @param lines the records to store
 * @param rejected the messages to keep aside
 * @param memo what to remember of the accepted messages
 * @param messages how many messages are new
 * @param redelivered how many were known already
 */
record Intake(Lines lines, List<Rejected> rejected, byte[] memo, int messages, int redelivered) {

  private static final byte[] NO_MEMO = {};

  static Intake of(Chunk chunk, AcceptedWindow accepted) {
    if (chunk.again() && accepted.hasChunk(chunk.id())) {
      return new Intake(Lines.NONE, List.of(), NO_MEMO, 0, chunk.arrivals().size());
    }
    // What an older session accepted says nothing about this one: its identifiers begin anew.
    LongPredicate seen = chunk.newSession() ? fingerprint -> false : accepted::hasMessage;
    long[] fingerprints = new long[chunk.arrivals().size()];
    int remembered = 0;
    int repeated = 0;
    for (Arrival arrival : chunk.arrivals()) {
      if (arrival.redelivered() && seen.test(arrival.fingerprint())) {
        repeated++;
      } else if (arrival.fingerprint() != 0) {
        fingerprints[remembered++] = arrival.fingerprint();
      }
    }
    byte[] memo = AcceptedWindow.memo(chunk.newSession(), chunk.id(), fingerprints, remembered);
    int messages = chunk.arrivals().size() - repeated;
    return repeated == 0
        ? new Intake(chunk.lines(), chunk.rejected(), memo, messages, 0)
        : withoutRepeated(chunk, seen, memo, messages, repeated);
  }

  /** Nothing that would have to go to the disk. */
  boolean isEmpty() {
    return messages == 0 && (memo.length == 0 || memo[0] == 0);
  }

  private static Intake withoutRepeated(
      Chunk chunk, LongPredicate seen, byte[] memo, int messages, int repeated) {
    Lines.Builder lines = new Lines.Builder(chunk.lines().length());
    List<Rejected> rejected = new ArrayList<>();
    Lines rest = chunk.lines();
    int nextRejected = 0;
    for (Arrival arrival : chunk.arrivals()) {
      boolean fresh = !(arrival.redelivered() && seen.test(arrival.fingerprint()));
      if (fresh) {
        lines.add(rest.limit(arrival.records()));
      }
      rest = rest.skip(arrival.records());
      if (arrival.records() == 0) {
        Rejected one = chunk.rejected().get(nextRejected++);
        if (fresh) {
          rejected.add(one);
        }
      }
    }
    return new Intake(lines.build(), List.copyOf(rejected), memo, messages, repeated);
  }
}
