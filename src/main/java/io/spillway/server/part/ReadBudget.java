package io.spillway.server.part;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * How many bytes may be in memory of what is read for clients, from the search until their sockets
 * have taken the answers. Who finds no room waits for it in the order of coming. One that needs
 * more than there is in all is let in too, when nothing else is being searched for and the answers
 * that are still to be taken have no more than half.
 *
 * <p>Decides, and reads nothing itself. For one event loop.
 */
public final class ReadBudget {
  private final long bytesMax;
  private final int readersMax;
  private final Deque<Share> waiting = new ArrayDeque<>();
  private long held;
  private int reading;

  /** Of those that read, the ones whose answers have not been found yet. */
  private int searching;

  /**
   * @param bytesMax of all together; one that needs more than that may come on top of half of it
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
    return held + share.bytes <= bytesMax || (searching == 0 && held <= bytesMax / 2);
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
    private boolean found;
    private boolean left;

    private Share(long bytes, Consumer<Share> begin) {
      this.bytes = bytes;
      this.begin = begin;
    }

    private void begin() {
      begun = true;
      reading++;
      searching++;
      held += bytes;
      begin.accept(this);
    }

    /** Whether it has not begun, and may still do so. */
    public boolean isWaiting() {
      return !begun && !left;
    }

    /** Its answer is found, and it needs no more than so many bytes from now on. */
    public void keep(long fewer) {
      if (begun && !left) {
        found();
        held -= Math.max(0, bytes - fewer);
        bytes = Math.min(bytes, fewer);
        goOn();
      }
    }

    private void found() {
      if (!found) {
        found = true;
        searching--;
      }
    }

    /** It has its answer, or is gone. */
    public void leave() {
      if (left) {
        return;
      }
      left = true;
      if (begun) {
        found();
        held -= bytes;
        reading--;
      } else {
        waiting.remove(this);
      }
      goOn();
    }
  }
}
