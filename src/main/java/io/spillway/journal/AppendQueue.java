package io.spillway.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the writer thread: appends, in order, and chores such as a release.
 *
 * <p>After a failure it takes no append until {@link #resume}. Failing, emptying and refusing are
 * one step under the lock, so no append handed in before the resume can succeed behind one that
 * failed.
 */
final class AppendQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Append> appends = new ArrayDeque<>();
  private final ArrayDeque<Runnable> chores = new ArrayDeque<>();
  private JournalFailure failure;
  private JournalFailure closed;

  /** The reason it was refused, or null if it was taken. */
  JournalFailure offer(Append append) {
    lock.lock();
    try {
      JournalFailure refused = closed != null ? closed : failure;
      if (refused == null) {
        appends.add(append);
        arrived.signal();
      }
      return refused;
    } finally {
      lock.unlock();
    }
  }

  /** False once closed. */
  boolean offer(Runnable chore) {
    lock.lock();
    try {
      if (closed == null) {
        chores.add(chore);
        arrived.signal();
      }
      return closed == null;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is taken any more; what waits will still be given out. */
  void close(JournalFailure reason) {
    lock.lock();
    try {
      closed = reason;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Refuses appends from now on and returns all that waited, for the caller to fail. */
  List<Append> fail(JournalFailure reason) {
    lock.lock();
    try {
      failure = reason;
      List<Append> waiting = new ArrayList<>(appends);
      appends.clear();
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  void resume() {
    lock.lock();
    try {
      failure = null;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for something to do, at most this long. False when closed and empty. */
  boolean await(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (appends.isEmpty() && chores.isEmpty() && closed == null && left > 0) {
        left = arrived.awaitNanos(left);
      }
      return closed == null || !appends.isEmpty() || !chores.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Lets more appends arrive for {@code nanos}. */
  void linger(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (closed == null && left > 0) {
        left = arrived.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes out the chores that wait now. */
  List<Runnable> chores() {
    lock.lock();
    try {
      List<Runnable> waiting = new ArrayList<>(chores);
      chores.clear();
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  /** Moves appends to {@code batch}, in order: at least one if any waits, then up to a size. */
  void drainTo(List<Append> batch, int bytesMax) {
    lock.lock();
    try {
      int bytes = 0;
      while (!appends.isEmpty()
          && (batch.isEmpty() || bytes + appends.peek().bytes() <= bytesMax)) {
        Append append = appends.poll();
        bytes += append.bytes();
        batch.add(append);
      }
    } finally {
      lock.unlock();
    }
  }
}
