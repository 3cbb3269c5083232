package io.spillway.iaq;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What the processor has done. */
final class IaqMetrics {
  private final MeterRegistry registry;
  private final Engine.Counts counts;
  private long written;

  IaqMetrics(MeterRegistry registry, Engine.Counts counts) {
    this.registry = registry;
    this.counts = counts;
    count("measurements", counts, c -> c.measurements.sum());
    count("values.ignored", counts, c -> c.ignored.sum());
    count("faults", counts, c -> c.faults.sum());
    count("nameless", counts, c -> c.nameless.sum());
    count("sensors.forgotten", counts, c -> c.forgotten.sum());
    Gauge.builder("spillway.iaq.sensors", counts, c -> c.sensors).register(registry);
    Gauge.builder("spillway.iaq.sensors.stale", counts, c -> c.stale).register(registry);
  }

  private void count(String name, Engine.Counts counts, ToLongFunction<Engine.Counts> of) {
    FunctionCounter.builder("spillway.iaq." + name, counts, c -> (double) of.applyAsLong(c))
        .register(registry);
  }

  /** These are in the journal. */
  void written(List<Derived> records) {
    written += records.size();
    for (Derived record : records) {
      registry
          .counter("spillway.iaq.records", "type", (String) record.members().get("type"))
          .increment();
    }
  }

  /** What the role tells of itself. */
  Map<String, Long> figures() {
    return Map.of(
        "measurements",
        counts.measurements.sum(),
        "written",
        written,
        "sensors",
        counts.sensors,
        "stale",
        counts.stale);
  }

  /** Records that were no longer held when they were to be looked at. */
  void missed(long count) {
    registry.counter("spillway.iaq.missed").increment((double) count);
  }
}
