package io.spillway.batch;

import io.spillway.bus.Arrival;
import io.spillway.bus.Chunk;
import io.spillway.message.Lines;
import io.spillway.message.Rejected;
import io.spillway.redelivery.ChunkJudge;
import io.spillway.redelivery.CommitMemo;
import io.spillway.redelivery.Verdict;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What of a chunk is to be stored: all of it, but for messages that are stored already.
 *
 * @param lines the records to store
 * @param rejected the messages to keep aside
 * @param memo what to remember of the messages; empty for nothing
 * @param messages how many messages are to be stored
 * @param redelivered how many were known already
 * @param doubtful how many of those to be stored may be stored already
 */
record Intake(
    Lines lines,
    List<Rejected> rejected,
    byte[] memo,
    int messages,
    int redelivered,
    int doubtful) {

  private static final byte[] NO_MEMO = {};

  static Intake of(Chunk chunk, SpoolMemo memo) {
    int all = (int) chunk.arrivals().stream().filter(Arrival::isMessage).count();
    int copies = chunk.readOn().copies();
    if (chunk.again() && memo.hasChunk(chunk.id())) {
      return new Intake(Lines.NONE, List.of(), NO_MEMO, 0, all + copies, 0);
    }
    ChunkJudge judge =
        memo.session()
            .judge(chunk.readOn().connection(), chunk.readOn().habit(), chunk.newSession());
    BitSet known = new BitSet();
    int doubtful = 0;
    for (int i = 0; i < chunk.arrivals().size(); i++) {
      Arrival arrival = chunk.arrivals().get(i);
      if (arrival.isMessage()) {
        Verdict verdict = verdict(arrival, judge);
        known.set(i, verdict == Verdict.KNOWN);
        doubtful += verdict == Verdict.DOUBTFUL ? 1 : 0;
      } else {
        judge.release(arrival.packetId());
      }
    }
    boolean nothing = all == 0 && judge.isEmpty();
    byte[] remembered = nothing ? NO_MEMO : CommitMemo.ofChunk(chunk.id(), judge.delta());
    int repeated = known.cardinality();
    Lines lines = repeated == 0 ? chunk.lines() : lines(chunk, known);
    List<Rejected> rejected = repeated == 0 ? chunk.rejected() : rejected(chunk, known);
    return new Intake(lines, rejected, remembered, all - repeated, repeated + copies, doubtful);
  }

  private static Verdict verdict(Arrival message, ChunkJudge judge) {
    return message.kind() == Arrival.Kind.HELD
        ? judge.hold(message.packetId(), message.redelivered(), message.fingerprint())
        : judge.next(message.packetId(), message.redelivered(), message.fingerprint());
  }

  /** Nothing that would have to go to the disk. */
  boolean isEmpty() {
    return messages == 0 && memo.length == 0;
  }

  private static Lines lines(Chunk chunk, BitSet known) {
    Lines.Builder lines = new Lines.Builder(chunk.lines().length());
    Lines rest = chunk.lines();
    for (int i = 0; i < chunk.arrivals().size(); i++) {
      int records = chunk.arrivals().get(i).records();
      if (!known.get(i)) {
        lines.add(rest.limit(records));
      }
      rest = rest.skip(records);
    }
    return lines.build();
  }

  private static List<Rejected> rejected(Chunk chunk, BitSet known) {
    List<Rejected> rejected = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < chunk.arrivals().size(); i++) {
      if (chunk.arrivals().get(i).isRejected()) {
        Rejected one = chunk.rejected().get(next++);
        if (!known.get(i)) {
          rejected.add(one);
        }
      }
    }
    return List.copyOf(rejected);
  }
}
