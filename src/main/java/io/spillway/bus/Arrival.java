package io.spillway.bus;

/**
 * One message of a {@link Chunk}, as far as the spool has to know it to recognise a redelivery.
 *
 * @param packetId 0 for QoS 0, which is never redelivered
 * @param fingerprint of packet identifier, topic and bytes
 * @param redelivered the broker says that it may have been sent before
 * @param records how many lines of the chunk it became; 0 if it was rejected
 */
public record Arrival(int packetId, long fingerprint, boolean redelivered, int records) {}
