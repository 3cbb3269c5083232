package io.spillway.server.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** What the HTTP API counts. */
final class ApiMetrics {
  private final MeterRegistry registry;
  private final Counter given;
  private final Counter rejected;
  private final Counter brokenOff;

  ApiMetrics(MeterRegistry registry) {
    this.registry = registry;
    given = registry.counter("spillway.http.records.given");
    rejected = registry.counter("spillway.http.lines.rejected");
    brokenOff = registry.counter("spillway.http.uploads.broken");
  }

  /** A request on one of our routes was answered. */
  void answered(String route, int status) {
    String code = Integer.toString(status);
    registry.counter("spillway.http.requests", "route", route, "status", code).increment();
  }

  /** Tells how many uploads are on their way. */
  void uploads(Supplier<Number> uploads) {
    Gauge.builder("spillway.http.uploads", uploads).register(registry);
  }

  /** Records went out to a reader. */
  void given(int records) {
    given.increment(records);
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
