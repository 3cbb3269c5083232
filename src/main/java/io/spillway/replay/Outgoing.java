package io.spillway.replay;

/**
 * A line as it goes out.
 *
 * @param number that of its source
 * @param topic for a broker; null for a server
 * @param bytes a record without its line end, or a payload
 */
record Outgoing(long number, String topic, byte[] bytes) {}
