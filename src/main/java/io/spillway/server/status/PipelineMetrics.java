package io.spillway.server.status;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** How many edges are how, as of the last tick: a scrape comes on another thread. */
final class PipelineMetrics {
  private final Map<Condition, AtomicInteger> edges = new EnumMap<>(Condition.class);
  private final AtomicInteger unbalanced = new AtomicInteger();

  PipelineMetrics(MeterRegistry registry) {
    for (Condition condition : Condition.values()) {
      AtomicInteger count = new AtomicInteger();
      edges.put(condition, count);
      Gauge.builder("spillway.pipeline.edges", count, AtomicInteger::get)
          .tag("state", condition.text())
          .strongReference(true)
          .register(registry);
    }
    Gauge.builder("spillway.pipeline.edges.unbalanced", unbalanced, AtomicInteger::get)
        .strongReference(true)
        .register(registry);
  }

  void update(EdgeTotals totals) {
    totals.states().forEach((condition, count) -> edges.get(condition).set(count));
    unbalanced.set(totals.unbalanced());
  }
}
