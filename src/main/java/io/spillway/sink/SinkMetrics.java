package io.spillway.sink;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.LongSupplier;

/** What one sink counts; {@code spillway_sink_*} with the label {@code sink}. */
final class SinkMetrics {
  private final Counter written;
  private final Counter rejected;
  private final Counter gap;
  private final Counter batches;
  private final Counter retries;

  SinkMetrics(MeterRegistry registry, String sink, LongSupplier behind, LongSupplier lagMs) {
    Tags tags = Tags.of("sink", sink);
    written = registry.counter("spillway.sink.written", tags);
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

  void written(int records) {
    written.increment(records);
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

  long writtenCount() {
    return (long) written.count();
  }

  long rejectedCount() {
    return (long) rejected.count();
  }

  long gapCount() {
    return (long) gap.count();
  }

  long retryCount() {
    return (long) retries.count();
  }
}
