package io.spillway.uplink;

import io.spillway.bus.Batch;
import io.spillway.bus.BusFailure;
import io.spillway.wire.WireMessage.Hello;
import io.vertx.core.Promise;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** The batches that wait for the server's acknowledgement, in order of sequence. */
final class Outbox {
  /** A batch and who waits for it. */
  record Waiting(Batch batch, Promise<Long> answer) {}

  private static final long UNKNOWN = -1;

  private final TreeMap<Long, Waiting> byFirst = new TreeMap<>();

  /** A batch of no records, by which the batcher presents its spool; null if none waits. */
  private Waiting announcement;

  private Batch latest;
  private long acknowledged;
  private long done;

  /** How far the server is, or can be by what was sent; {@link #UNKNOWN} before a welcome. */
  private long reach = UNKNOWN;

  /** Below it a server has everything, as it has said itself. */
  private long assured = 1;

  /** In front of it, of those, some may have been dropped instead. */
  private long assuredFrom = 1;

  /** Why this epoch cannot be gone on with; null if it can. */
  private String ahead;

  /**
   * Takes a batch; one that begins at the same place, asked for earlier, gives way, and so do all
   * of another epoch: what the server says of one counts for none of the other. One that the server
   * has already is answered at once: whoever asks has missed the answer, and there may never be
   * another. None is taken of a spool that has given out less than the server has, or is to get:
   * this outlives the spool, which may come back as it was before, on another host.
   */
  void add(Batch batch, Promise<Long> answer) {
    if (latest != null && !batch.epoch().equals(epoch())) {
      forget(BusFailure.UNAVAILABLE.because("batches of another epoch come now"));
      acknowledged = 0;
      reach = UNKNOWN;
      assured = 1;
      assuredFrom = 1;
      ahead = null;
    }
    latest = batch;
    assured(batch.assured());
    assuredFrom = Math.max(assuredFrom, batch.assuredFrom());
    long server = Math.max(Math.max(acknowledged, reach), waitingEnd());
    if (ahead == null && isAhead(server, batch.end())) {
      ahead(server, batch.end());
    }
    if (ahead != null) {
      answer.fail(BusFailure.AHEAD.because(ahead));
    } else if (batch.next() <= acknowledged) {
      answer.complete(acknowledged);
    } else {
      giveWay(batch);
      Waiting older = put(new Waiting(batch, answer));
      if (older != null) {
        older.answer().fail(BusFailure.UNAVAILABLE.because("asked for again"));
      }
    }
  }

  /**
   * The edge has begun anew where records overlap with others that wait: those are of before, and
   * so are those of what it does not hold any more. They would be kept once more for each time.
   */
  private void giveWay(Batch fresh) {
    if (fresh.lines().isEmpty()) {
      return;
    }
    List<Waiting> older =
        byFirst.values().stream()
            .filter(
                each ->
                    each.batch().next() <= fresh.oldest()
                        || (each.batch().first() != fresh.first()
                            && each.batch().next() > fresh.first()
                            && each.batch().first() < fresh.next()))
            .toList();
    for (Waiting each : older) {
      byFirst.remove(each.batch().first());
      each.answer().fail(BusFailure.UNAVAILABLE.because("asked for again, or dropped"));
    }
  }

  /** Returns what was in its place, or null. Records do not take that of an announcement. */
  private Waiting put(Waiting waiting) {
    if (!waiting.batch().lines().isEmpty()) {
      return byFirst.put(waiting.batch().first(), waiting);
    }
    Waiting older = announcement;
    announcement = waiting;
    return older;
  }

  /**
   * Whether a server has records of an epoch that its spool never gave out: the spool was cut, and
   * gives their numbers to other records, which would count as stored and be lost.
   *
   * @param next the server has everything below, or gets it from here
   * @param end the spool has given out nothing from there on, see {@link Batch#end}
   */
  static boolean isAhead(long next, long end) {
    return next > end;
  }

  /** The server, of which the spool is known, welcomes it: that is all an announcement is for. */
  void announced() {
    if (announcement != null) {
      announcement.answer().complete(acknowledged);
      announcement = null;
    }
  }

  /** The server has everything below {@code next}: whoever waited for that gets his answer. */
  void acknowledge(long next) {
    if (!byFirst.isEmpty()) { // batches are long: parts of one count as they are acknowledged
      long end = Math.min(next, byFirst.lastEntry().getValue().batch().next());
      done += Math.max(0, end - Math.max(acknowledged, byFirst.firstKey()));
    }
    acknowledged = next;
    if (announcement != null && announcement.batch().next() <= next) {
      announced();
    }
    while (!byFirst.isEmpty() && byFirst.firstEntry().getValue().batch().next() <= next) {
      byFirst.pollFirstEntry().getValue().answer().complete(next);
    }
  }

  /** Gives all batches back, of which the server has what is below {@code next}. */
  void stopAt(long next) {
    byFirst.values().forEach(waiting -> waiting.answer().complete(next));
    byFirst.clear();
  }

  /** Gives all batches back: the batcher begins again. It has no need to announce itself again. */
  void failAll(BusFailure.Refusal why) {
    Collection<Waiting> all = byFirst.values();
    all.forEach(waiting -> waiting.answer().fail(why));
    byFirst.clear();
  }

  private void forget(BusFailure.Refusal why) {
    failAll(why);
    if (announcement != null) {
      announcement.answer().fail(why);
      announcement = null;
    }
  }

  /**
   * Where the server can be at most: nobody else has a number of this epoch, so what was not sent
   * is not there, and what the edge does not hold any more can be stepped over. Before the first
   * welcome the spool says what was given out before.
   *
   * @param first below it the edge holds nothing, by its hello
   */
  long reach(long first) {
    return Math.max(first, reach == UNKNOWN ? latest.end() : reach);
  }

  /** The server is there, or will be when it has what was sent. */
  void reached(long next) {
    reach = Math.max(reach, next);
  }

  /** A server that acknowledges has everything below. */
  void assured(long next) {
    assured = Math.max(assured, next);
  }

  /** See {@link io.spillway.bus.Forwarded#assured}. */
  long assured() {
    return assured;
  }

  /** Whether one has said so itself, and nothing has only been read. */
  boolean isAssured(long next) {
    return next <= assured;
  }

  /** Gives all batches of this epoch back, and those that come yet. */
  void ahead(String why) {
    ahead = why;
    forget(BusFailure.AHEAD.because(why));
  }

  /**
   * The same, as {@link #isAhead} says.
   *
   * @return in words how that is seen
   */
  String ahead(long next, long end) {
    String seen =
        "the server is at %d of %s.%s, and this spool has sent nothing from %d on"
            .formatted(next, latest.edge(), latest.epoch(), end);
    ahead(seen + ": it was cut, restored from a backup, or copied to another machine");
    return seen;
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
    Batch lowest = beyond(Long.MIN_VALUE);
    long first = lowest == null ? acknowledged : lowest.undecided();
    return new Hello(
        latest.edge(), latest.epoch(), first, latest.origin().key(), assured, assuredFrom);
  }

  /** The batch that came last; null before the first. */
  Batch latest() {
    return latest;
  }

  /** The first batch that reaches beyond {@code seq}, or null; an announcement goes first. */
  Batch beyond(long seq) {
    if (announcement != null && announcement.batch().next() > seq) {
      return announcement.batch();
    }
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

  /** Behind the last record that waits. */
  private long waitingEnd() {
    return byFirst.values().stream().mapToLong(waiting -> waiting.batch().next()).max().orElse(0);
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
