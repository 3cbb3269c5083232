package io.spillway.source;

import io.spillway.message.RejectedPayload;
import io.spillway.message.RejectionKind;

/**
 * A PUBLISH packet (MQTT 3.1.1 section 3.3).
 *
 * @param packetId 0 at QoS 0
 * @param payload the bytes, or their beginning if {@code size} is larger
 * @param size length of the payload in bytes
 * @param unfit why it cannot become a record, whatever the payload is; null if it can
 */
record Received(
    String topic,
    byte[] payload,
    long size,
    int qos,
    int packetId,
    boolean dup,
    boolean retained,
    RejectedPayload unfit,
    long atMs) {

  /** Why a payload of {@code size} bytes is none. */
  static RejectedPayload tooLarge(long size) {
    return new RejectedPayload(
        RejectionKind.TOO_LARGE,
        "%,d bytes are over the limit of edge.mqtt.maxMessageBytes; the beginning is kept"
            .formatted(size));
  }
}
