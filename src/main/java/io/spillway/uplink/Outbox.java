package io.spillway.uplink;

import io.spillway.bus.Batch;
import io.spillway.bus.BusFailure;
import io.spillway.wire.WireMessage.Hello;
import io.vertx.core.Promise;
import java.util.Collection;
import java.util.TreeMap;

/** The batches that wait for the server's acknowledgement, in order of sequence. */
final class Outbox {
  /** A batch and who waits for it. */
  record Waiting(Batch batch, Promise<Long> answer) {}

  private static final long UNKNOWN = -1;

  private final TreeMap<Long, Waiting> byFirst = new TreeMap<>();
  private Batch latest;
  private long acknowledged;
  private long done;

  /**
   * How far the server can be by what was sent of this epoch; {@link #UNKNOWN} before a welcome.
   */
  private long reach = UNKNOWN;

  /** Why this epoch cannot be gone on with; null if it can. */
  private String ahead;

  /**
   * Takes a batch; one that begins at the same place, asked for earlier, gives way, and so do all
   * of another epoch: what the server says of one counts for none of the other. One that the server
   * has already is answered at once: whoever asks has missed the answer, and there may never be
   * another.
   */
  void add(Batch batch, Promise<Long> answer) {
    if (latest != null && !batch.epoch().equals(epoch())) {
      failAll(BusFailure.UNAVAILABLE.because("batches of another epoch come now"));
      acknowledged = 0;
      reach = UNKNOWN;
      ahead = null;
    }
    latest = batch;
    if (ahead != null) {
      answer.fail(BusFailure.AHEAD.because(ahead));
      return;
    }
    if (batch.next() <= acknowledged) {
      answer.complete(acknowledged);
      return;
    }
    Waiting older = byFirst.put(batch.first(), new Waiting(batch, answer));
    if (older != null) {
      older.answer().fail(BusFailure.UNAVAILABLE.because("asked for again"));
    }
  }

  /** The server has everything below {@code next}: whoever waited for that gets his answer. */
  void acknowledge(long next) {
    if (!byFirst.isEmpty()) { // batches are long: parts of one count as they are acknowledged
      long end = Math.min(next, byFirst.lastEntry().getValue().batch().next());
      done += Math.max(0, end - Math.max(acknowledged, byFirst.firstKey()));
    }
    acknowledged = next;
    while (!byFirst.isEmpty() && byFirst.firstEntry().getValue().batch().next() <= next) {
      byFirst.pollFirstEntry().getValue().answer().complete(next);
    }
  }

  /** Gives all batches back, of which the server has what is below {@code next}. */
  void stopAt(long next) {
    byFirst.values().forEach(waiting -> waiting.answer().complete(next));
    byFirst.clear();
  }

  /** Gives all batches back: the batcher begins again. */
  void failAll(BusFailure.Refusal why) {
    Collection<Waiting> all = byFirst.values();
    all.forEach(waiting -> waiting.answer().fail(why));
    byFirst.clear();
  }

  /**
   * Where the server can be at most: nobody else has a number of this epoch, so what was not sent
   * is not there. Before the first welcome the spool says what was given out before.
   */
  long reach() {
    boolean unproven = latest.end() == Batch.UNPROVEN;
    return unproven || reach == UNKNOWN ? latest.end() : reach;
  }

  /** The server is there, or will be when it has what was sent. */
  void reached(long next) {
    reach = Math.max(reach, next);
  }

  /** Gives all batches of this epoch back, and those that come yet. */
  void ahead(String why) {
    ahead = why;
    failAll(BusFailure.AHEAD.because(why));
  }

  /** Whose numbers these are: the epoch of the latest batch; null before the first. */
  String epoch() {
    return latest == null ? null : latest.epoch();
  }

  /** How the edge presents itself on a new connection; null before its first batch. */
  Hello hello() {
    if (latest == null) {
      return null;
    }
    long first =
        byFirst.isEmpty() ? acknowledged : byFirst.firstEntry().getValue().batch().oldest();
    return new Hello(latest.edge(), latest.epoch(), first, latest.origin().key());
  }

  /** The batch that came last; null before the first. */
  Batch latest() {
    return latest;
  }

  /** The first batch that reaches beyond {@code seq}, or null. */
  Batch beyond(long seq) {
    for (Waiting waiting : byFirst.values()) {
      if (waiting.batch().next() > seq) {
        return waiting.batch();
      }
    }
    return null;
  }

  /** The server has everything below. */
  long acknowledged() {
    return acknowledged;
  }

  /** Records in the batches that wait. */
  long records() {
    return byFirst.values().stream().mapToLong(waiting -> waiting.batch().lines().count()).sum();
  }

  /** Records that waited and were acknowledged by the server. */
  long done() {
    return done;
  }

  int size() {
    return byFirst.size();
  }
}
