package io.spillway.server.part;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** What the HTTP API counts. */
public final class HttpMetrics {
  private final MeterRegistry registry;
  private final Counter given;
  private final Counter rejected;
  private final Counter brokenOff;

  public HttpMetrics(MeterRegistry registry) {
    this.registry = registry;
    given = registry.counter("spillway.http.records.given");
    rejected = registry.counter("spillway.http.lines.rejected");
    brokenOff = registry.counter("spillway.http.uploads.broken");
  }

  /** A request on one of our routes was answered. */
  public void answered(String route, int status) {
    String code = Integer.toString(status);
    registry.counter("spillway.http.requests", "route", route, "status", code).increment();
  }

  /** Tells how many uploads are on their way. */
  public void uploads(Supplier<Number> uploads) {
    Gauge.builder("spillway.http.uploads", uploads).register(registry);
  }

  /** Records went out to a reader. */
  public void given(int records) {
    given.increment(records);
  }

  /** Lines of an upload were no records. */
  public void rejected(long lines) {
    rejected.increment((double) lines);
  }

  /** A client went away in the middle of its upload. */
  public void brokenOff() {
    brokenOff.increment();
  }
}
