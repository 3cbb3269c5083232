package io.spillway.server.mqtt;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.wire.CloseCode;
import java.util.function.Supplier;

/** What the MQTT gateway counts: {@code spillway_mqtt_gateway_*}. */
final class GatewayMetrics {
  private static final String PREFIX = "spillway.mqtt.gateway.";

  private final MeterRegistry registry;
  private final Counter opened;
  private final Counter browserBytes;
  private final Counter browserPackets;
  private final Counter brokerBytes;
  private final Counter brokerPackets;
  private final Counter publishes;
  private final Counter subscriptions;
  private final Counter clientIds;

  GatewayMetrics(MeterRegistry registry) {
    this.registry = registry;
    opened = registry.counter(PREFIX + "opened");
    browserBytes = registry.counter(PREFIX + "bytes", "from", "browser");
    browserPackets = registry.counter(PREFIX + "packets", "from", "browser");
    brokerBytes = registry.counter(PREFIX + "bytes", "from", "broker");
    brokerPackets = registry.counter(PREFIX + "packets", "from", "broker");
    publishes = registry.counter(PREFIX + "publishes.refused");
    subscriptions = registry.counter(PREFIX + "subscriptions.refused");
    clientIds = registry.counter(PREFIX + "clients.refused");
  }

  /** A value to be asked for. */
  void gauge(String name, Supplier<Number> value) {
    Gauge.builder(PREFIX + name, value).register(registry);
  }

  void opened() {
    opened.increment();
  }

  /** Did not become a WebSocket. */
  void refused(String reason) {
    registry.counter(PREFIX + "refused", "reason", reason).increment();
  }

  void closed(CloseCode code) {
    registry.counter(PREFIX + "closed", "code", String.valueOf(code.code())).increment();
  }

  /** A whole packet from the browser. */
  void fromBrowser(int bytes) {
    browserPackets.increment();
    browserBytes.increment(bytes);
  }

  /** A whole packet from the broker. */
  void fromBroker(int bytes) {
    brokerPackets.increment();
    brokerBytes.increment(bytes);
  }

  void publishRefused() {
    publishes.increment();
  }

  void subscriptionsRefused(long filters) {
    subscriptions.increment((double) filters);
  }

  /** Somebody wanted to be called as an edge is. */
  void clientIdRefused() {
    clientIds.increment();
  }

  /** Messages and subscriptions that the rules did not allow. */
  long refusals() {
    return (long) (publishes.count() + subscriptions.count());
  }

  long openedCount() {
    return (long) opened.count();
  }
}
