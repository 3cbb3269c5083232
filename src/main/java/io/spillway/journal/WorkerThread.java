package io.spillway.journal;

/** A thread of a journal, which does not keep the process alive. */
final class WorkerThread {
  private final Thread thread;

  WorkerThread(Runnable work, String name) {
    thread = new Thread(work, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  /** Waits until it has ended, and is not kept from that by an interrupt. */
  void join() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
