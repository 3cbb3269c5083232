package io.spillway.server.mqtt;

import static io.netty.handler.codec.mqtt.MqttVersion.MQTT_3_1;
import static io.netty.handler.codec.mqtt.MqttVersion.MQTT_3_1_1;
import static io.netty.handler.codec.mqtt.MqttVersion.MQTT_5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.spillway.wire.CloseCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The filter of packets between a browser and the broker")
class PacketFilterTest {
  private static final int PACKET_MAX = 100_000;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Wires wires = wires(List.of("chat/#", "vote/+"), List.of("chat/#", "news"));

  private Wires wires(List<String> publish, List<String> subscribe) {
    return new Wires(
        new PacketFilter(
            TopicRules.of(publish),
            TopicRules.of(subscribe),
            PACKET_MAX,
            new GatewayMetrics(registry)));
  }

  private static MqttMessageBuilders.PublishBuilder publish(String topic, MqttQoS qos) {
    return MqttMessageBuilders.publish()
        .topicName(topic)
        .qos(qos)
        .messageId(7)
        .payload(Unpooled.copiedBuffer("hello", StandardCharsets.UTF_8));
  }

  private static MqttProperties alias(int alias) {
    MqttProperties properties = new MqttProperties();
    properties.add(new MqttProperties.UserProperty("key", "value"));
    properties.add(new MqttProperties.IntegerProperty(PacketReader.TOPIC_ALIAS, alias));
    properties.add(new MqttProperties.StringProperty(0x03, "text/plain"));
    return properties;
  }

  private static MqttMessage subscribe(int packetId, String... filters) {
    MqttMessageBuilders.SubscribeBuilder subscribe =
        MqttMessageBuilders.subscribe().messageId(packetId);
    Arrays.stream(filters)
        .forEach(filter -> subscribe.addSubscription(MqttQoS.AT_LEAST_ONCE, filter));
    return subscribe.build();
  }

  private static MqttMessage suback(int packetId, MqttQoS... granted) {
    return MqttMessageBuilders.subAck().packetId(packetId).addGrantedQoses(granted).build();
  }

  private interface Step {
    void run() throws Violation;
  }

  private static Violation violation(Step step) {
    return catchThrowableOfType(Violation.class, step::run);
  }

  private double count(String name) {
    return registry.counter("spillway.mqtt.gateway." + name).count();
  }

  @ParameterizedTest
  @EnumSource(MqttVersion.class)
  @DisplayName("passes what is allowed on, byte for byte")
  void passes(MqttVersion version) throws Violation {
    wires.connect(version);

    for (MqttQoS qos : List.of(MqttQoS.AT_MOST_ONCE, MqttQoS.AT_LEAST_ONCE, MqttQoS.EXACTLY_ONCE)) {
      byte[] sent = wires.browserSends(publish("chat/ann", qos).retained(true).build());
      assertThat(wires.brokerBytes()).isEqualTo(sent);
    }
    byte[] sent = wires.browserSends(subscribe(9, "chat/+", "news", "$share/g/chat/#"));
    assertThat(wires.brokerBytes()).isEqualTo(sent);
    assertThat(wires.browserSends(MqttMessage.PINGREQ)).isEqualTo(wires.brokerBytes());
    wires.brokerSends(publish("anything", MqttQoS.AT_LEAST_ONCE).build());
    assertThat(wires.atBrowser()).hasSize(1);
  }

  @Test
  @DisplayName("answers a PUBLISH that is not allowed with a refusal in MQTT 5, and goes on")
  void publishRefusedV5() throws Violation {
    wires.connect(MQTT_5);

    wires.browserSends(publish("pws-packet/a", MqttQoS.AT_LEAST_ONCE).build());
    wires.browserSends(publish("pws-packet/a", MqttQoS.EXACTLY_ONCE).build());
    wires.browserSends(publish("chat/ann", MqttQoS.AT_LEAST_ONCE).build());

    List<MqttMessage> answers = wires.atBrowser();
    assertThat(answers)
        .extracting(answer -> answer.fixedHeader().messageType())
        .containsExactly(MqttMessageType.PUBACK, MqttMessageType.PUBREC);
    for (MqttMessage answer : answers) {
      var header = (MqttPubReplyMessageVariableHeader) answer.variableHeader();
      assertThat(header.messageId()).isEqualTo(7);
      assertThat(header.reasonCode() & 0xff).isEqualTo(0x87);
    }
    assertThat(wires.atBroker()).hasSize(1);
    assertThat(count("publishes.refused")).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"MQTT_3_1", "MQTT_3_1_1"})
  @DisplayName("closes on a PUBLISH that is not allowed where MQTT has no refusal for it")
  void publishRefused(MqttVersion version) throws Violation {
    wires.connect(version);

    Violation violation =
        violation(() -> wires.browserSends(publish("a/b", MqttQoS.AT_LEAST_ONCE).build()));

    assertThat(violation).hasMessage("server.mqtt.publish does not allow topic a/b");
    assertThat(violation.code()).isEqualTo(CloseCode.POLICY);
    assertThat(wires.atBrowser()).isEmpty();
    assertThat(wires.atBroker()).isEmpty();
  }

  @Test
  @DisplayName("says why before it closes on a QoS 0 PUBLISH of MQTT 5")
  void publishRefusedQos0() throws Violation {
    wires.connect(MQTT_5);

    Violation violation =
        violation(() -> wires.browserSends(publish("a/b", MqttQoS.AT_MOST_ONCE).build()));

    assertThat(violation).hasMessage("server.mqtt.publish does not allow topic a/b");
    assertThat(wires.atBrowser())
        .extracting(answer -> answer.fixedHeader().messageType())
        .containsExactly(MqttMessageType.DISCONNECT);
  }

  @Test
  @DisplayName("knows which topic an alias of MQTT 5 stands for")
  void aliases() throws Violation {
    wires.connect(MQTT_5);
    MqttQoS qos = MqttQoS.AT_LEAST_ONCE;

    wires.browserSends(publish("chat/ann", qos).properties(alias(3)).build());
    wires.browserSends(publish("", qos).properties(alias(3)).build());
    assertThat(wires.atBroker()).hasSize(2);

    wires.browserSends(publish("secret", qos).properties(alias(3)).build());
    wires.browserSends(publish("", qos).properties(alias(3)).build());
    assertThat(wires.atBroker()).isEmpty();
    assertThat(wires.atBrowser()).hasSize(2);

    wires.browserSends(publish("chat/bob", qos).properties(alias(3)).build());
    wires.browserSends(publish("", qos).properties(alias(3)).build());
    assertThat(wires.atBroker()).hasSize(2);

    Violation unknown =
        violation(() -> wires.browserSends(publish("", qos).properties(alias(4)).build()));
    assertThat(unknown).hasMessage("not MQTT: a PUBLISH without a topic");
  }

  @ParameterizedTest
  @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
  @DisplayName("takes filters out of a SUBSCRIBE and puts their refusal into the SUBACK, in order")
  void subscribeInPart(MqttVersion version) throws Violation {
    wires.connect(version);

    wires.browserSends(subscribe(5, "x", "chat/#", "#", "news", "$SYS/#"));
    MqttSubscribeMessage atBroker = (MqttSubscribeMessage) wires.atBroker().get(0);
    assertThat(atBroker.payload().topicSubscriptions())
        .extracting(subscription -> subscription.topicFilter())
        .containsExactly("chat/#", "news");
    assertThat(atBroker.variableHeader().messageId()).isEqualTo(5);
    wires.brokerSends(suback(4, MqttQoS.AT_MOST_ONCE));
    wires.brokerSends(suback(5, MqttQoS.EXACTLY_ONCE, MqttQoS.AT_LEAST_ONCE));

    int no = version == MQTT_5 ? 0x87 : 0x80;
    List<MqttMessage> answers = wires.atBrowser();
    assertThat(answers).hasSize(2);
    MqttSubAckMessage mixed = (MqttSubAckMessage) answers.get(1);
    assertThat(mixed.variableHeader().messageId()).isEqualTo(5);
    assertThat(mixed.payload().reasonCodes()).containsExactly(no, 2, no, 1, no);
    assertThat(count("subscriptions.refused")).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
  @DisplayName("answers a SUBSCRIBE of which nothing is allowed by itself")
  void subscribeRefused(MqttVersion version) throws Violation {
    wires.connect(version);

    wires.browserSends(subscribe(6, "x", "y"));

    int no = version == MQTT_5 ? 0x87 : 0x80;
    assertThat(wires.atBroker()).isEmpty();
    MqttSubAckMessage answer = (MqttSubAckMessage) wires.atBrowser().get(0);
    assertThat(answer.variableHeader().messageId()).isEqualTo(6);
    assertThat(answer.payload().reasonCodes()).containsExactly(no, no);
  }

  @Test
  @DisplayName("bounds the SUBSCRIBEs that wait for an answer, and the filters of one")
  void subscribeBounds() throws Violation {
    wires.connect(MQTT_3_1_1);
    for (int id = 1; id <= SubscribeFilter.PENDING_MAX; id++) {
      wires.browserSends(subscribe(id, "x", "news"));
    }
    assertThat(violation(() -> wires.browserSends(subscribe(100, "x", "news"))))
        .hasMessage("more than 64 SUBSCRIBEs without an answer");

    Wires others = wires(List.of(), List.of("news"));
    others.connect(MQTT_3_1_1);
    String[] many = new String[SubscribeFilter.FILTERS_MAX + 1];
    Arrays.fill(many, "news");
    assertThat(violation(() -> others.browserSends(subscribe(1, many))))
        .hasMessage("more than 1000 filters in one SUBSCRIBE");
  }

  @ParameterizedTest
  @EnumSource(MqttVersion.class)
  @DisplayName("refuses the connection of a client whose will it would not publish")
  void will(MqttVersion version) throws Violation {
    byte[] connect =
        wires.encode(
            Wires.connectAs(version)
                .willFlag(true)
                .willTopic("secret/x")
                .willMessage("gone".getBytes(StandardCharsets.UTF_8))
                .build());

    Violation violation = violation(() -> wires.connect(connect));

    assertThat(violation)
        .hasMessage("server.mqtt.publish does not allow the will's topic secret/x");
    assertThat(wires.brokerBytes()).isEmpty();
    assertThat(connack())
        .isEqualTo(
            version == MQTT_5
                ? MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5
                : MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED);
  }

  private MqttConnectReturnCode connack() {
    return ((MqttConnAckMessage) wires.atBrowser().get(0)).variableHeader().connectReturnCode();
  }

  @Test
  @DisplayName("lets a will pass whose topic is allowed, and a name and a password")
  void willAllowed() throws Violation {
    byte[] connect =
        wires.encode(
            Wires.connectAs(MQTT_5)
                .willFlag(true)
                .willTopic("chat/ann")
                .willMessage(new byte[0])
                .hasUser(true)
                .username("ann")
                .hasPassword(true)
                .password(new byte[] {1})
                .build());

    wires.connect(connect);

    assertThat(wires.browserSends(MqttMessage.PINGREQ)).isEqualTo(wires.brokerBytes());
  }

  @ParameterizedTest
  @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
  @DisplayName("keeps the client identifiers of edges out: their sessions hold their messages")
  void edgeClientId(MqttVersion version) {
    byte[] connect = wires.encode(Wires.connectAs(version).clientId("spillway-pi").build());

    assertThat(violation(() -> wires.connect(connect)).code()).isEqualTo(CloseCode.POLICY);

    assertThat(connack())
        .isEqualTo(
            version == MQTT_5
                ? MqttConnectReturnCode.CONNECTION_REFUSED_CLIENT_IDENTIFIER_NOT_VALID
                : MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED);
    assertThat(count("clients.refused")).isEqualTo(1);
  }

  @Test
  @DisplayName("looks into nothing when both rules are null")
  void noRules() throws Violation {
    Wires open = wires(null, null);
    open.connect(MQTT_3_1);

    byte[] sent = open.browserSends(publish("$SYS/x", MqttQoS.AT_MOST_ONCE).build());
    assertThat(open.brokerBytes()).isEqualTo(sent);
    sent = open.browserSends(subscribe(1, "$SYS/#"));
    assertThat(open.brokerBytes()).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "474554202f20485454502f312e310d0a0d0a", // no MQTT at all
        "300400016158", // PUBLISH before CONNECT
        "1000", // an empty CONNECT
        "100400094d51", // text longer than the packet
      })
  @DisplayName("refuses what is no beginning of MQTT")
  void noConnect(String hex) {
    Violation violation = violation(() -> wires.browserSends(HexFormat.of().parseHex(hex)));

    assertThat(violation.code()).isEqualTo(CloseCode.PROTOCOL);
    assertThat(wires.brokerBytes()).isEmpty();
  }

  @Test
  @DisplayName("answers an unknown version of MQTT as the standard says")
  void unknownVersion() {
    byte[] connect = wires.encode(Wires.connectAs(MQTT_3_1_1).build());
    connect[8] = 99;

    assertThat(violation(() -> wires.browserSends(connect)))
        .hasMessage("only MQTT 3.1, 3.1.1 and 5 are spoken here");

    assertThat(connack())
        .isEqualTo(MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10020000", // a second CONNECT
        "20020000", // CONNACK
        "30050003612f23", // a wildcard
        "30030001ff", // no UTF-8
        "3003000100", // U+0000
        "30020000", // no topic
        "36050001610001", // QoS 3
        "32050001610000", // packet identifier 0
        "82020001", // SUBSCRIBE to nothing
        "820600010002612300", // cut short
        "820700010002612300", // no filter
        "8006000100016100", // the flags of SUBSCRIBE
      })
  @DisplayName("refuses packets that the broker could understand otherwise")
  void malformed(String hex) throws Violation {
    wires.connect(MQTT_3_1_1);

    Violation violation = violation(() -> wires.browserSends(HexFormat.of().parseHex(hex)));

    assertThat(violation.code()).isEqualTo(CloseCode.PROTOCOL);
    assertThat(wires.brokerBytes()).isEmpty();
  }

  @RepeatedTest(50)
  @DisplayName("ends in a violation or goes on, whatever bytes come")
  void anyBytes(RepetitionInfo repetition) throws Violation {
    Random random = new Random(repetition.getCurrentRepetition());
    byte[] good = wires.encode(publish("chat/ann", MqttQoS.AT_LEAST_ONCE).build());
    for (int i = 0; i < 500; i++) {
      PacketFilter filter =
          new PacketFilter(
              TopicRules.of(List.of("chat/#")),
              TopicRules.of(List.of("chat/#")),
              PACKET_MAX,
              new GatewayMetrics(registry));
      Wires fuzzed = new Wires(filter);
      MqttVersion version = random.nextBoolean() ? MQTT_5 : MQTT_3_1_1;
      filter.fromBrowser(fuzzed.encode(Wires.connectAs(version).build()), NOWHERE);
      byte[] bytes = random.nextBoolean() ? good.clone() : new byte[random.nextInt(40)];
      for (int flips = random.nextInt(6); flips > 0 && bytes.length > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      assertThat(endsWell(() -> filter.fromBrowser(bytes, NOWHERE))).isTrue();
      assertThat(endsWell(() -> filter.fromBroker(bytes, NOWHERE))).isTrue();
    }
  }

  private static boolean endsWell(Step step) {
    Violation violation = violation(step);
    return violation == null || violation.code() != null;
  }

  private static final PacketFilter.Outlet NOWHERE =
      new PacketFilter.Outlet() {
        @Override
        public void toBroker(byte[] bytes, int from, int to) {}

        @Override
        public void toBrowser(byte[] bytes, int from, int to) {}
      };
}
