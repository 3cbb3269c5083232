package io.spillway.server.api;

import java.util.concurrent.atomic.AtomicInteger;

/** Lets in no more than so many at once. */
final class Turnstile {
  private final int most;
  private final AtomicInteger inside = new AtomicInteger();

  Turnstile(int most) {
    this.most = most;
  }

  /** False if it is full; otherwise {@link #leave} must follow, once. */
  boolean enter() {
    if (inside.get() >= most) {
      return false;
    }
    inside.incrementAndGet();
    return true;
  }

  void leave() {
    inside.decrementAndGet();
  }

  int inside() {
    return inside.get();
  }
}
