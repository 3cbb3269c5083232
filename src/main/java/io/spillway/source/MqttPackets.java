package io.spillway.source;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.spillway.config.MqttConfig;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The packets of MQTT 3.1.1 that a client sends. */
final class MqttPackets {
  private MqttPackets() {}

  /** For a persistent session, or for a clean one that nothing is kept of. */
  static MqttMessage connect(
      MqttConfig config, String clientId, boolean cleanSession, int keepAliveS) {
    MqttMessageBuilders.ConnectBuilder connect =
        MqttMessageBuilders.connect()
            .protocolVersion(MqttVersion.MQTT_3_1_1)
            .clientId(clientId)
            .cleanSession(cleanSession)
            .keepAlive(keepAliveS);
    if (config.username() != null) {
      connect.username(config.username()).hasUser(true);
    }
    if (config.password() != null) {
      connect.password(config.password().bytes()).hasPassword(true);
    }
    return connect.build();
  }

  static MqttMessage subscribe(int packetId, List<String> filters, int qos) {
    MqttMessageBuilders.SubscribeBuilder subscribe =
        MqttMessageBuilders.subscribe().messageId(packetId);
    filters.forEach(filter -> subscribe.addSubscription(MqttQoS.valueOf(qos), filter));
    return subscribe.build();
  }

  /** A message at QoS 1, not retained. */
  static MqttMessage publish(int packetId, String topic, String payload) {
    return MqttMessageBuilders.publish()
        .messageId(packetId)
        .topicName(topic)
        .qos(MqttQoS.AT_LEAST_ONCE)
        .retained(false)
        .payload(Unpooled.copiedBuffer(payload, StandardCharsets.UTF_8))
        .build();
  }

  static MqttMessage unsubscribe(int packetId, List<String> filters) {
    MqttMessageBuilders.UnsubscribeBuilder unsubscribe =
        MqttMessageBuilders.unsubscribe().messageId(packetId);
    filters.forEach(unsubscribe::addTopicFilter);
    return unsubscribe.build();
  }

  /** The packet identifier of one that has one, and no payload. */
  static int idOf(MqttMessage message) {
    return ((MqttMessageIdVariableHeader) message.variableHeader()).messageId();
  }
}
