package io.spillway.source;

/**
 * A PUBLISH packet (MQTT 3.1.1 section 3.3).
 *
 * @param packetId 0 at QoS 0
 * @param payload the bytes, or their beginning if {@code size} is larger
 * @param size length of the payload in bytes
 */
record Received(
    String topic,
    byte[] payload,
    long size,
    int qos,
    int packetId,
    boolean dup,
    boolean retained,
    boolean oversized,
    long atMs) {}
