package io.spillway.server.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** What uploads count. */
final class UploadMetrics {
  private final MeterRegistry registry;
  private final Counter rejected;
  private final Counter brokenOff;

  UploadMetrics(MeterRegistry registry) {
    this.registry = registry;
    rejected = registry.counter("spillway.http.lines.rejected");
    brokenOff = registry.counter("spillway.http.uploads.broken");
  }

  /** Tells how many uploads are on their way. */
  void uploads(Supplier<Number> uploads) {
    Gauge.builder("spillway.http.uploads", uploads).register(registry);
  }

  /** Lines of an upload were no records. */
  void rejected(long lines) {
    rejected.increment((double) lines);
  }

  /** A client went away in the middle of its upload. */
  void brokenOff() {
    brokenOff.increment();
  }
}
