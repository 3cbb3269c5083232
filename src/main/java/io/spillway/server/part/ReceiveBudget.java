package io.spillway.server.part;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * How many bytes of what WebSockets send may be in memory: of messages that are not complete, and
 * of those that wait for the disk. Who is over his part of it is not read for a while, and TCP
 * slows him down; who has sent little is always read, and so is the one whose message has been
 * coming for longest, so that there is always one that gets on.
 *
 * <p>Decides, and reads nothing itself. For one event loop.
 */
public final class ReceiveBudget {
  /** Most messages are shorter, and never wait for those that are not. */
  static final int LITTLE = 16 << 10;

  /** What a message takes that waits for the disk, however short it is. */
  private static final int MESSAGE = 2 << 10;

  /** Of one sender for the disk, while there is room for all. */
  static final int STORING_MAX = 4 << 20;

  /** How long a message may take to come while others have to wait for it. */
  static final long WITHIN_MS = 60_000;

  /** Why a connection is closed then. */
  public static final String LATE =
      "the server has too much in memory, and a message of yours took longer than a minute";

  /** Of a control frame from a client: two bytes, and the mask. */
  private static final int CONTROL_HEADER = 6;

  /** About what one read of a socket brings. */
  private static final int READ = 64 << 10;

  private final long bytesMax;

  /** More than a little of a message that is not complete, in the order of their beginnings. */
  private final Set<Share> coming = new LinkedHashSet<>();

  /** Not read because there is no room, the one that waits for longest first. */
  private final Set<Share> waiting = new LinkedHashSet<>();

  private long held;

  /** A connection. */
  public interface Sender {
    /** Reads no more from its socket, or again. */
    void reading(boolean on);

    /** Is to be closed: others wait for room, and its message does not come to its end. */
    void late();
  }

  /**
   * @param bytesMax of all connections together; may be exceeded by one message, one read of a
   *     socket, and {@value #LITTLE} bytes of each connection
   */
  public ReceiveBudget(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** One that leaves most of the heap to others, for messages of so many bytes. */
  public static ReceiveBudget of(int messageBytesMax, long heapBytes) {
    return new ReceiveBudget(Math.max(2L * messageBytesMax, heapBytes / 4));
  }

  /** What a message of so many bytes takes while it waits for the disk. */
  public static int ofMessage(int bytes) {
    return bytes + MESSAGE;
  }

  /** A connection begins, and is read. */
  public Share enter(Sender sender) {
    return new Share(sender);
  }

  /** Bytes that are in memory now. */
  public long held() {
    return held;
  }

  /** Connections that are not read because there is no room. */
  public int waiting() {
    return waiting.size();
  }

  /** Ends the one that others wait for, if it takes too long; to be called from time to time. */
  public void tick(long nowMs) {
    if (waiting.isEmpty() || coming.isEmpty()) {
      return;
    }
    Share eldest = coming.iterator().next();
    if (nowMs - eldest.sinceMs > WITHIN_MS) {
      eldest.sinceMs = nowMs;
      eldest.sender.late();
    }
  }

  private boolean isNext(Share share) {
    return !coming.isEmpty() && coming.iterator().next() == share;
  }

  /** Something was let go of: as many are read again as there is room for. */
  private void goOn() {
    if (waiting.isEmpty()) {
      return;
    }
    if (!coming.isEmpty()) {
      coming.iterator().next().decide();
    }
    for (long room = bytesMax - held; room >= READ && !waiting.isEmpty(); room -= READ) {
      waiting.iterator().next().decide();
    }
  }

  /** What one connection has of it. */
  public final class Share {
    private final Sender sender;
    private long unfinished;
    private long storing;
    private long sinceMs;
    private boolean resting;
    private boolean left;

    private Share(Sender sender) {
      this.sender = sender;
    }

    /** So many bytes have been read. */
    public void came(int bytes, long nowMs) {
      if (left) {
        return;
      }
      come(unfinished + bytes, nowMs);
    }

    private void come(long bytes, long nowMs) {
      held += bytes - unfinished;
      unfinished = bytes;
      if (unfinished > LITTLE && coming.add(this)) {
        sinceMs = nowMs;
      }
      decide();
    }

    /**
     * They were the end of a part of a message.
     *
     * @param bytes of it, which is longer than what was read if it was compressed
     * @param message bytes of the message up to here: of more than twice as many, the buffer as it
     *     grows, the rest were headers, and a message may have any number of empty parts
     */
    public void part(int bytes, long message, long nowMs) {
      if (!left) {
        come(Math.min(unfinished + bytes, LITTLE + 2 * message), nowMs);
      }
    }

    /** They were the end of a message, or more than one. */
    public void complete() {
      if (left) {
        return;
      }
      held -= unfinished;
      unfinished = 0;
      coming.remove(this);
      decide();
      goOn();
    }

    /**
     * A control frame was among them, with so much payload: it is no part of a message, though it
     * may come amidst one (RFC 6455 section 5.4).
     */
    public void control(int payload) {
      if (!left) {
        long bytes = Math.min(unfinished, payload + CONTROL_HEADER);
        unfinished -= bytes;
        held -= bytes;
        if (unfinished <= LITTLE) {
          coming.remove(this);
        }
        decide();
      }
    }

    /** Bytes are given to the store, {@link #ofMessage} of each message. */
    public void storing(long bytes) {
      if (!left) {
        storing += bytes;
        held += bytes;
        decide();
      }
    }

    /** They are on the disk, or refused. */
    public void settled(long bytes) {
      if (!left) {
        storing -= bytes;
        held -= bytes;
        decide();
        goOn();
      }
    }

    /** The connection is closed, or about to be: it is read to its end. */
    public void leave() {
      if (!left) {
        left = true;
        held -= unfinished + storing;
        coming.remove(this);
        waiting.remove(this);
        sender.reading(true);
        goOn();
      }
    }

    private void decide() {
      boolean full = storing > (resting ? STORING_MAX / 2 : STORING_MAX);
      boolean room = held <= bytesMax || unfinished + storing <= LITTLE || isNext(this);
      if (full || room) {
        waiting.remove(this);
      } else {
        waiting.add(this);
      }
      boolean rest = full || !room;
      if (rest != resting) {
        resting = rest;
        sender.reading(!rest);
      }
    }
  }
}
