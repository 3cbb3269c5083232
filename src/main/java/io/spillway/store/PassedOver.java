package io.spillway.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.StoreRequest.Begin;
import io.spillway.bus.StoreRequest.StepOver;
import io.spillway.retry.RateLimitedLogs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sequence numbers that edges had given out and do not hold any more: counted, and told. */
final class PassedOver {
  private static final Logger log = LoggerFactory.getLogger(PassedOver.class);

  private final RateLimitedLogs told = new RateLimitedLogs(log);
  private final Counter counter;

  PassedOver(MeterRegistry metrics) {
    counter = metrics.counter("spillway.store.passed.over");
  }

  /**
   * An edge that says hello holds nothing below its first number, and {@code from} was expected.
   */
  void add(Begin request, long from) {
    if (from == 1) { // nothing of it was ever here: it simply begins there
      log.info("[store] {}.{} begins at {}", request.edge(), request.epoch(), request.first());
      return;
    }
    told(
        request.edge(),
        request.epoch(),
        from,
        request.first(),
        ", or sent them without acknowledgements (edge.uplink.mode plain), and then they are here"
            + " with _claimed_id");
  }

  /** One that goes on sending holds nothing from {@code from} on. */
  void add(StepOver request, long from) {
    told(request.edge(), request.epoch(), from, request.next(), "");
  }

  /** Why, only the edge knows: what it has lost must not look like what it was told to drop. */
  private void told(String edge, String epoch, long from, long next, String or) {
    long gone = next - from;
    counter.increment((double) gone);
    told.warn(
        edge,
        ("[store] %s.%s goes on at %d instead of %d: it does not hold the %d records between any"
                + " more. It has dropped them by policy, lost them, set them aside%s; its own log"
                + " and counters say which")
            .formatted(edge, epoch, next, from, gone, or));
  }

  /** How many there were. */
  long count() {
    return (long) counter.count();
  }
}
