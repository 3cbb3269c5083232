package io.spillway.sink;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** How questions to a database fare; {@code spillway_sink_queries_*} with the label sink. */
final class QueryMetrics {
  /** How a question ended. */
  enum Outcome {
    ANSWERED,
    /** Not in time. */
    SLOW,
    FAILED,
    /** Not asked at all: too many at once, or the database has just failed. */
    REFUSED
  }

  private final MeterRegistry registry;
  private final AtomicInteger asked = new AtomicInteger();

  QueryMetrics(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("spillway.sink.queries.asked", asked, AtomicInteger::get)
        .tags("sink", "postgres")
        .register(registry);
  }

  /** Asked and not yet answered, the connection being taken; changed by whoever asks. */
  AtomicInteger asked() {
    return asked;
  }

  void ended(String kind, Outcome outcome, Duration took) {
    String name = outcome.name().toLowerCase(java.util.Locale.ROOT);
    registry
        .timer("spillway.sink.queries", "sink", "postgres", "kind", kind, "outcome", name)
        .record(took);
  }
}
