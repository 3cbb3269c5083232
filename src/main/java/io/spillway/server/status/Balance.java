package io.spillway.server.status;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * What became of all that came to an edge since it started, in records: it is stored by the server,
 * rejected and kept, dropped by a policy, or waits. What is missing from that sum is lost.
 */
record Balance(long received, long stored, long rejected, long dropped, long waiting) {
  static final Balance NOTHING = new Balance(0, 0, 0, 0, 0);

  /** Of a batcher's counters; null if it does not tell them all, as an older one. */
  static Balance of(Map<String, Long> counters) {
    if (!counters.containsKey("carried")) {
      return null;
    }
    long rejected = counters.getOrDefault("rejected", 0L);
    long dropped = counters.getOrDefault("dropped", 0L);
    long neverInSpool =
        rejected
            - counters.getOrDefault("setAside", 0L)
            + dropped
            - counters.getOrDefault("droppedOldest", 0L);
    long received = counters.get("carried") + counters.getOrDefault("received", 0L) + neverInSpool;
    return new Balance(
        received,
        counters.getOrDefault("acknowledged", 0L),
        rejected,
        dropped,
        counters.getOrDefault("queued", 0L));
  }

  long difference() {
    return received - stored - rejected - dropped - waiting;
  }

  Balance plus(Balance other) {
    return new Balance(
        received + other.received,
        stored + other.stored,
        rejected + other.rejected,
        dropped + other.dropped,
        waiting + other.waiting);
  }

  JsonObject json() {
    return new JsonObject()
        .put("received", received)
        .put("stored", stored)
        .put("rejected", rejected)
        .put("dropped", dropped)
        .put("waiting", waiting)
        .put("difference", difference());
  }
}
