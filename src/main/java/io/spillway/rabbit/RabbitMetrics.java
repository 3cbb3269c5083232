package io.spillway.rabbit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** What came from the broker and what became of it, in figures; {@code spillway_rabbit_*}. */
final class RabbitMetrics {
  private final Counter messages;
  private final Counter redelivered;
  private final Counter acknowledged;
  private final Counter records;
  private final Counter rejected;
  private final Counter duplicates;
  private final Counter connects;
  private final AtomicLong connected = new AtomicLong();
  private final AtomicLong unacknowledged = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  RabbitMetrics(MeterRegistry registry) {
    messages = registry.counter("spillway.rabbit.messages");
    redelivered = registry.counter("spillway.rabbit.redelivered");
    acknowledged = registry.counter("spillway.rabbit.acknowledged");
    records = registry.counter("spillway.rabbit.records");
    rejected = registry.counter("spillway.rabbit.rejected");
    duplicates = registry.counter("spillway.rabbit.duplicates");
    connects = registry.counter("spillway.rabbit.connects");
    Gauge.builder("spillway.rabbit.connected", connected, AtomicLong::get).register(registry);
    Gauge.builder("spillway.rabbit.unacknowledged", unacknowledged, AtomicLong::get)
        .register(registry);
    Gauge.builder("spillway.rabbit.held.bytes", bytes, AtomicLong::get).register(registry);
  }

  void received(Iterable<Delivery> deliveries) {
    for (Delivery delivery : deliveries) {
      messages.increment();
      if (delivery.redelivered()) {
        redelivered.increment();
      }
    }
  }

  /** A chunk is on disk and has been acknowledged. */
  void settled(EventChunk chunk) {
    acknowledged.increment(chunk.messages());
    records.increment(chunk.lines().count());
    rejected.increment(chunk.rejected().size());
    duplicates.increment(chunk.known());
  }

  void connected() {
    connects.increment();
  }

  /** What is in hand now. */
  void now(boolean up, long waiting, long heldBytes) {
    connected.set(up ? 1 : 0);
    unacknowledged.set(waiting);
    bytes.set(heldBytes);
  }

  /** Messages that are dealt with, for ever. */
  long done() {
    return (long) acknowledged.count();
  }

  Map<String, Long> counters() {
    Map<String, Long> all = new TreeMap<>();
    all.put("connected", connected.get());
    all.put("messages", (long) messages.count());
    all.put("redelivered", (long) redelivered.count());
    all.put("acknowledged", (long) acknowledged.count());
    all.put("records", (long) records.count());
    all.put("rejected", (long) rejected.count());
    all.put("duplicates", (long) duplicates.count());
    all.put("connects", (long) connects.count());
    all.put("heldBytes", bytes.get());
    return all;
  }
}
