package io.spillway.chaos;

import java.util.HashMap;
import java.util.Map;

/** Counters that begin anew when their process does, added up over all of its lives. */
final class Counters {
  private final Map<String, Long> last = new HashMap<>();
  private long sum;

  /** Has been seen with this value. */
  synchronized void rise(String name, long value) {
    Long before = last.put(name, value);
    sum += before == null || value < before ? value : value - before;
  }

  synchronized long sum() {
    return sum;
  }
}
