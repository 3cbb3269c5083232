package io.spillway.server.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.wire.CloseCode;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What the ingest WebSockets count. */
final class IngestMetrics {
  private final MeterRegistry registry;
  private final Counter batches;
  private final Counter unsent;
  private final AtomicInteger connections = new AtomicInteger();

  IngestMetrics(MeterRegistry registry) {
    this.registry = registry;
    batches = registry.counter("spillway.ingest.messages");
    unsent = registry.counter("spillway.ingest.unsent");
    Gauge.builder("spillway.ingest.connections", connections, AtomicInteger::get)
        .register(registry);
  }

  /** A message came in. */
  void message() {
    batches.increment();
  }

  /** What a picture of the whole way shows of it. */
  Map<String, Long> figures(int edges) {
    return Map.of(
        "messages",
        (long) batches.count(),
        "connections",
        connections.longValue(),
        "edges",
        (long) edges);
  }

  /** An answer found its connection gone. */
  void unsent() {
    unsent.increment();
  }

  void opened() {
    connections.incrementAndGet();
  }

  void ended() {
    connections.decrementAndGet();
  }

  /** We closed a connection. */
  void closed(CloseCode code) {
    registry.counter("spillway.ingest.closed", "code", String.valueOf(code.code())).increment();
  }

  /** A request for a connection was turned away. */
  void turnedAway(int status) {
    registry.counter("spillway.ingest.refused", "status", String.valueOf(status)).increment();
  }
}
