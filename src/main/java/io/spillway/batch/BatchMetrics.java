package io.spillway.batch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.config.WhenFull;
import io.spillway.journal.Journal;
import java.util.Map;

/** The edge's ledger: every message is stored, rejected, recognised as redelivered, or dropped. */
final class BatchMetrics {
  private final MeterRegistry registry;
  private final Counter records;
  private final Counter messages;
  private final Counter rejected;
  private final Counter redelivered;
  private final Counter dropped;
  private final Counter acknowledged;

  BatchMetrics(MeterRegistry registry) {
    this.registry = registry;
    records = registry.counter("spillway.spool.records");
    messages = registry.counter("spillway.spool.messages");
    rejected = registry.counter("spillway.spool.rejected");
    redelivered = registry.counter("spillway.spool.redelivered");
    dropped = registry.counter("spillway.spool.dropped");
    acknowledged = registry.counter("spillway.spool.acknowledged");
  }

  void measure(Journal journal, Drain drain) {
    Gauge.builder("spillway.spool.waiting", drain, Drain::waiting).register(registry);
    Gauge.builder("spillway.spool.lag.ms", drain, Drain::lagMs).register(registry);
    Gauge.builder("spillway.spool.bytes", journal, Journal::bytes).register(registry);
  }

  void stored(Intake intake) {
    records.increment(intake.lines().count());
    messages.increment(intake.messages());
    rejected.increment(intake.rejected().size());
  }

  void redelivered(int count) {
    redelivered.increment(count);
  }

  void dropped(WhenFull policy, long count) {
    dropped.increment((double) count);
    registry
        .counter("spillway.spool.dropped.by", "policy", policy.toString())
        .increment((double) count);
  }

  /** A record was taken out of the spool that the server will never take. */
  void setAside() {
    rejected.increment();
  }

  void acknowledged(long count) {
    acknowledged.increment((double) count);
  }

  Map<String, Long> counters(Journal journal, Drain drain) {
    return Map.of(
        "messages", (long) messages.count(),
        "received", (long) records.count(),
        "rejected", (long) rejected.count(),
        "redelivered", (long) redelivered.count(),
        "dropped", (long) dropped.count(),
        "acknowledged", (long) acknowledged.count(),
        "queued", drain.waiting(),
        "lagMs", drain.lagMs(),
        "spoolBytes", journal.bytes());
  }
}
