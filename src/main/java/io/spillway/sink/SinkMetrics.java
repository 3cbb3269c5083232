package io.spillway.sink;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.function.LongSupplier;

/** What one sink counts; {@code spillway_sink_*} with the label {@code sink}. */
final class SinkMetrics {
  private final Counter written;
  private final Counter present;
  private final Counter takenOut;
  private final Counter rejected;
  private final Counter gap;
  private final Counter batches;
  private final Counter retries;

  SinkMetrics(MeterRegistry registry, String sink, LongSupplier behind, LongSupplier lagMs) {
    Tags tags = Tags.of("sink", sink);
    written = registry.counter("spillway.sink.written", tags);
    present = registry.counter("spillway.sink.present", tags);
    takenOut = registry.counter("spillway.sink.taken.out", tags);
    rejected = registry.counter("spillway.sink.rejected", tags);
    gap = registry.counter("spillway.sink.gap", tags);
    batches = registry.counter("spillway.sink.batches", tags);
    retries = registry.counter("spillway.sink.retries", tags);
    Gauge.builder("spillway.sink.lag.records", behind, b -> (double) b.getAsLong())
        .tags(tags)
        .strongReference(true)
        .register(registry);
    Gauge.builder("spillway.sink.lag.seconds", lagMs, ms -> ms.getAsLong() / 1e3)
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  void written(Written records) {
    written.increment(records.added());
    present.increment(records.present());
    takenOut.increment(records.takenOut());
    batches.increment();
  }

  void rejected() {
    rejected.increment();
  }

  void gap(long records) {
    gap.increment((double) records);
  }

  void retry() {
    retries.increment();
  }

  /** How many records are done with, in whatever way. */
  long done() {
    return (long) (written.count() + present.count() + takenOut.count() + rejected.count());
  }

  /** All that is counted, for {@code /health}, beside where the sink stands. */
  Map<String, Long> all(long position, long lagMs) {
    return Map.of(
        "written", (long) written.count(),
        "present", (long) present.count(),
        "takenOut", (long) takenOut.count(),
        "rejected", (long) rejected.count(),
        "gap", (long) gap.count(),
        "retries", (long) retries.count(),
        "position", position,
        "lagMs", lagMs);
  }
}
