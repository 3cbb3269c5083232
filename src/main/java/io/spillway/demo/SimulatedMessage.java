package io.spillway.demo;

/**
 * A message to be published.
 *
 * @param topic the MQTT topic
 * @param json its payload, one JSON object
 */
record SimulatedMessage(String topic, String json) {}
