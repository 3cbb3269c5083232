package io.spillway.kit;

/**
 * A real MQTT broker as a process of its own on a free loopback port: it can be killed, frozen, and
 * started again with what it had kept.
 */
public interface Broker {
  /** Starts it, or starts it again on the same port with its data, and waits until it listens. */
  Broker start();

  /** Where it listens, also while it does not run. */
  int port();

  /** The process started last, to be killed or frozen. */
  Proc proc();

  /** As in {@code edge.mqtt.url}. */
  default String url() {
    return "mqtt://127.0.0.1:" + port();
  }
}
