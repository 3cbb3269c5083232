package io.spillway.rabbit;

/**
 * Holds the thread that reads from the broker while too many bytes are in hand; the broker then
 * notices by its full socket. A single message passes even if it is larger than the bound. For
 * several threads.
 */
final class InFlightBytes {
  private final long most;
  private long held;
  private boolean open;

  InFlightBytes(long most) {
    this.most = most;
  }

  /** Counts bytes in; first waits until less than the bound is held. */
  synchronized void take(long bytes) throws InterruptedException {
    while (held >= most && !open) {
      wait();
    }
    held += bytes;
  }

  /** Counts bytes out. */
  synchronized void give(long bytes) {
    held -= bytes;
    notifyAll();
  }

  /** Lets everything through from now on. */
  synchronized void open() {
    open = true;
    notifyAll();
  }

  /** Bytes in hand. */
  synchronized long held() {
    return held;
  }
}
