package io.spillway.batch;

import io.spillway.batch.Flight.Sent;
import io.spillway.config.BatchConfig;

/**
 * The send window of the drain: decides what is read and sent and when, how much may be on its way,
 * what counts as acknowledged, and when to begin again. It is told what happened and asked for the
 * next step. Times are those of one monotonic clock.
 *
 * <p>Three offsets move along the spool: below {@code acknowledged} the server has everything, or
 * it was given up; from there to {@code position} records are on their way; from there to {@code
 * end} they wait to be read. Records are sent in order, several batches at a time. When anything
 * fails, it begins again behind the high-water mark of what is acknowledged; answers to what was
 * asked before that move the mark and nothing else.
 */
final class SendWindow {
  /** After a failure nothing begins for so long. */
  static final long BACKOFF_MS = 500;

  /** What is to be done now. */
  enum Step {
    /** Read a batch at {@link #position}; then report {@link #read} or {@link #cannotRead}. */
    READ,
    /** Keep {@link #oversized} elsewhere; report {@link #setAside} or {@link #cannotSetAside}. */
    SET_ASIDE,
    /** Nothing before {@link #wakeAtMs}. */
    WAIT,
    /** Nothing until something else is reported. */
    NOTHING
  }

  /** What the one reader of the spool is doing. */
  private enum Activity {
    NONE,
    READING,
    /** It began again while it was reading: what comes back is not sent. */
    READING_IN_VAIN,
    SETTING_ASIDE
  }

  private enum Phase {
    RUNNING,
    FINISHING,
    STOPPED
  }

  /** A record, by its place in the spool, that the server will never take, and why. */
  record Oversized(long offset, String reason) {}

  private final BatchConfig batch;
  private final DrainProgress progress;

  private long acknowledged;
  private long position;
  private long end;
  private long dueAtMs; // then the records at the position go, although they fill no batch
  private long notBeforeMs; // the end of the last back-off
  private Activity activity = Activity.NONE;
  private Phase phase = Phase.RUNNING;
  private Flight flight = new Flight();
  private Oversized oversized;

  /**
   * @param acknowledged the lowest offset that the server may not have
   * @param end the offset behind the last record that is on the disk
   */
  SendWindow(long acknowledged, long end, BatchConfig batch, DrainProgress progress, long nowMs) {
    this.acknowledged = acknowledged;
    this.position = acknowledged;
    this.end = end;
    this.batch = batch;
    this.progress = progress;
    dueAtMs = nowMs + lingerMs();
    notBeforeMs = nowMs;
  }

  /** The next step; whoever asks takes it. */
  Step next(long nowMs) {
    if (phase == Phase.STOPPED || activity != Activity.NONE) {
      return Step.NOTHING;
    }
    if (oversized != null && oversized.offset < acknowledged) {
      oversized = null; // dropped, or acknowledged after all
    }
    long available = end - position;
    if (oversized == null && (available <= 0 || flight.isFull())) {
      return Step.NOTHING;
    }
    if (nowMs < notBeforeMs) {
      return Step.WAIT;
    }
    if (oversized != null) {
      activity = Activity.SETTING_ASIDE;
      return Step.SET_ASIDE;
    }
    if (available < batch.maxRecords() && phase == Phase.RUNNING && nowMs < dueAtMs) {
      return Step.WAIT;
    }
    activity = Activity.READING;
    return Step.READ;
  }

  /** After {@link Step#WAIT}: when to ask again. */
  long wakeAtMs(long nowMs) {
    return nowMs < notBeforeMs ? notBeforeMs : dueAtMs;
  }

  /** What waits is not to wait for a batch to fill. */
  void hurry(long nowMs) {
    dueAtMs = Math.min(dueAtMs, nowMs);
  }

  /** Records below {@code newEnd} are on the disk. */
  void appended(long newEnd, long nowMs) {
    if (acknowledged == end) {
      progress.waitsSince(nowMs);
    }
    if (position == end) {
      dueAtMs = nowMs + lingerMs();
    }
    end = Math.max(end, newEnd);
  }

  /**
   * A read came back. Where it begins above {@link #position}, what lay between is lost; that is
   * passed only when all before it is answered.
   *
   * @param first offset of the first record
   * @param bytes how long the {@code count} records are
   * @return the batch to be sent, or null if none is
   */
  Sent read(long first, int count, int bytes, long nowMs) {
    boolean inVain = activity == Activity.READING_IN_VAIN;
    activity = Activity.NONE;
    end = Math.max(end, first + count);
    if (inVain) {
      return null;
    }
    if (first > position) {
      if (!flight.isEmpty()) {
        notBeforeMs = nowMs + BACKOFF_MS;
        return null;
      }
      acknowledged = first;
      position = first;
    }
    if (count == 0) {
      return null;
    }
    position = first + count;
    dueAtMs = nowMs + lingerMs();
    return flight.send(first, count, bytes);
  }

  /** A read failed: it is tried again. */
  void cannotRead(long nowMs) {
    activity = Activity.NONE;
    notBeforeMs = nowMs + BACKOFF_MS;
  }

  /**
   * The spool dropped its oldest {@code count} records to make room, and begins at {@code first}.
   *
   * @return how many of them nobody had acknowledged
   */
  long dropped(long first, long count, long nowMs) {
    long lost = Math.max(0, Math.min(count, first - acknowledged));
    end = Math.max(end, first);
    if (first > acknowledged) {
      acknowledged = first;
      beginAgain(nowMs);
    }
    return lost;
  }

  /**
   * The server has everything below {@code next}; returns how many records that acknowledges which
   * were not yet.
   */
  long acknowledged(long next, long nowMs) {
    long count = Math.max(0, Math.min(next, end) - acknowledged);
    if (count > 0) {
      acknowledged += count;
      progress.made(count, nowMs);
    }
    if (acknowledged > position) {
      beginAgain(nowMs);
    }
    return count;
  }

  /** The same as the answer to a batch: if it lies within that, the rest was given back. */
  long acknowledged(Sent sent, long next, long nowMs) {
    sent.land();
    long count = acknowledged(next, nowMs);
    if (sent.flight() == flight && next < sent.next()) {
      beginAgain(nowMs);
    }
    return count;
  }

  /** What was sent does not join what the server has: it begins again at once. */
  void gap(Sent sent, long nowMs) {
    sent.land();
    if (sent.flight() == flight) {
      beginAgain(nowMs);
    }
  }

  /** The first record that is not acknowledged never will be. */
  void tooLarge(Sent sent, String reason, long nowMs) {
    sent.land();
    if (sent.flight() == flight) {
      oversized = new Oversized(acknowledged, reason);
      beginAgain(nowMs);
    }
  }

  /** The batch may or may not have arrived. */
  void failed(Sent sent, long nowMs) {
    sent.land();
    if (sent.flight() == flight) {
      beginAgain(nowMs);
      notBeforeMs = nowMs + BACKOFF_MS;
    }
  }

  /**
   * The oversized record is kept elsewhere, or was gone already.
   *
   * @param next the offset behind it
   * @return whether it counts as set aside; not if it was dropped or acknowledged meanwhile
   */
  boolean setAside(long next, long nowMs) {
    boolean counts = next > acknowledged;
    if (counts) {
      acknowledged = next;
      progress.made(1, nowMs);
    }
    oversized = null;
    activity = Activity.NONE;
    beginAgain(nowMs);
    return counts;
  }

  /** The oversized record could not be kept elsewhere: after a while it is sent again. */
  void cannotSetAside(long nowMs) {
    oversized = null;
    activity = Activity.NONE;
    notBeforeMs = nowMs + BACKOFF_MS;
  }

  private long lingerMs() {
    return batch.interval().toMillis();
  }

  private void beginAgain(long nowMs) {
    if (position > acknowledged) {
      dueAtMs = nowMs; // what was on its way has waited for others already
    }
    flight = new Flight();
    position = acknowledged;
    if (activity == Activity.READING) {
      activity = Activity.READING_IN_VAIN;
    }
  }

  /** What is left goes at once: no more waiting for a batch to fill. */
  void finish() {
    phase = Phase.FINISHING;
  }

  /** Nothing goes any more. */
  void stop() {
    phase = Phase.STOPPED;
  }

  /** Everything below is acknowledged by the server, or was given up. */
  long acknowledged() {
    return acknowledged;
  }

  /** After {@link Step#SET_ASIDE}: which record, and why. */
  Oversized oversized() {
    return oversized;
  }

  /** The next record to be read. */
  long position() {
    return position;
  }
}
