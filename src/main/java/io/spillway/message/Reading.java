package io.spillway.message;

/**
 * One message as a source received it.
 *
 * @param topic MQTT topic
 * @param payload its bytes; nobody writes to the array afterwards
 * @param receivedAtMs time of arrival at the edge, in milliseconds since 1970
 * @param retained true for a retained message that the broker replayed (MQTT 3.1.1 section 3.3.1.3)
 */
public record Reading(String topic, byte[] payload, long receivedAtMs, boolean retained) {}
