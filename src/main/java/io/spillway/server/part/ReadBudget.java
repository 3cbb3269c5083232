package io.spillway.server.part;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * How many bytes may be in memory of what is read for clients, from the search until their sockets
 * have taken the answers. Who finds no room waits for it in the order of coming; one is always let
 * in, however much it needs, so that there is always one that gets on.
 *
 * <p>Decides, and reads nothing itself. For one event loop.
 */
public final class ReadBudget {
  private final long bytesMax;
  private final int readersMax;
  private final Deque<Share> waiting = new ArrayDeque<>();
  private long held;
  private int reading;

  /**
   * @param bytesMax of all together; may be exceeded by one
   * @param readersMax that read or wait at once
   */
  public ReadBudget(long bytesMax, int readersMax) {
    this.bytesMax = bytesMax;
    this.readersMax = readersMax;
  }

  /**
   * A reader comes.
   *
   * @param bytes that it may need at most
   * @param begin is given its share when there is room, perhaps at once
   * @return null if too many read or wait
   */
  public Share enter(long bytes, Consumer<Share> begin) {
    if (reading + waiting.size() >= readersMax) {
      return null;
    }
    Share share = new Share(bytes, begin);
    waiting.add(share);
    goOn();
    return share;
  }

  private void goOn() {
    while (!waiting.isEmpty() && hasRoomFor(waiting.peek())) {
      waiting.poll().begin();
    }
  }

  private boolean hasRoomFor(Share share) {
    return reading == 0 || held + share.bytes <= bytesMax;
  }

  /** Bytes that readers hold now, or may come to hold. */
  public long held() {
    return held;
  }

  /** Readers that wait for room. */
  public int waiting() {
    return waiting.size();
  }

  /** What one reader has of it. */
  public final class Share {
    private final Consumer<Share> begin;
    private long bytes;
    private boolean begun;
    private boolean left;

    private Share(long bytes, Consumer<Share> begin) {
      this.bytes = bytes;
      this.begin = begin;
    }

    private void begin() {
      begun = true;
      reading++;
      held += bytes;
      begin.accept(this);
    }

    /** Whether it has not begun, and may still do so. */
    public boolean isWaiting() {
      return !begun && !left;
    }

    /** It needs no more than so many bytes from now on. */
    public void keep(long fewer) {
      if (begun && !left && fewer < bytes) {
        held -= bytes - fewer;
        bytes = fewer;
        goOn();
      }
    }

    /** It has its answer, or is gone. */
    public void leave() {
      if (left) {
        return;
      }
      left = true;
      if (begun) {
        held -= bytes;
        reading--;
      } else {
        waiting.remove(this);
      }
      goOn();
    }
  }
}
