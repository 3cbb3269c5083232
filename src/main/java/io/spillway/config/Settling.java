package io.spillway.config;

/**
 * Tells a text that stands from one that is being written: a text counts once two looks in a row
 * have seen it. Not thread-safe.
 */
final class Settling<T> {
  private T seen;
  private T settled;

  /** Takes what a look has seen, and gives what counts; null until something has stood. */
  T look(T now) {
    if (now.equals(seen)) {
      settled = now;
    }
    seen = now;
    return settled;
  }
}
