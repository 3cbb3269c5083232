package io.spillway.bus;

/**
 * One message of a {@link Chunk}, as far as the spool has to know it to recognise a redelivery.
 *
 * @param fingerprint of packet identifier, topic and bytes; 0 for QoS 0, which is never redelivered
 * @param redelivered the broker or the source says that it may have been handed over before
 * @param records how many lines of the chunk it became; 0 if it was rejected
 */
public record Arrival(long fingerprint, boolean redelivered, int records) {}
