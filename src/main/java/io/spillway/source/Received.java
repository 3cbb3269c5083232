package io.spillway.source;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.spillway.message.RejectedPayload;
import io.spillway.message.RejectionKind;
import io.spillway.source.PublishGuard.Unfit;

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

  /** Its payload is copied; it is unfit if that is longer than {@code maxBytes}. */
  static Received of(MqttPublishMessage publish, int maxBytes, long atMs) {
    byte[] payload = ByteBufUtil.getBytes(publish.payload());
    int qos = publish.fixedHeader().qosLevel().value();
    return new Received(
        publish.variableHeader().topicName(),
        payload,
        payload.length,
        qos,
        qos > 0 ? publish.variableHeader().packetId() : 0,
        publish.fixedHeader().isDup(),
        publish.fixedHeader().isRetain(),
        payload.length > maxBytes ? tooLarge(payload.length) : null,
        atMs);
  }

  /** One that the decoder was not given. */
  static Received of(Unfit message, long atMs) {
    return new Received(
        message.topic(),
        message.payload(),
        message.size(),
        message.qos(),
        message.packetId(),
        message.dup(),
        message.retained(),
        message.why(),
        atMs);
  }

  /** Why a payload of {@code size} bytes is none. */
  static RejectedPayload tooLarge(long size) {
    return new RejectedPayload(
        RejectionKind.TOO_LARGE,
        "%,d bytes are over the limit of edge.mqtt.maxMessageBytes; the beginning is kept"
            .formatted(size));
  }
}
