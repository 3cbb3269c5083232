package io.spillway.server.mqtt;

import io.spillway.topic.TopicFilter;
import io.spillway.wire.CloseCode;
import java.util.BitSet;
import java.util.Set;

/**
 * What passes between one browser and the broker, packet by packet. Knows no network and no clock:
 * it is told what came, and says where it goes.
 */
final class PacketFilter {
  /** Where packets go to. */
  interface Outlet {
    /** To the broker. */
    void toBroker(byte[] bytes, int from, int to);

    /** To the browser. */
    void toBrowser(byte[] bytes, int from, int to);
  }

  /** Our own edges are called so; whoever takes their name takes their messages. */
  static final String EDGE_CLIENTS = "spillway-";

  /** What only a server sends, and 0, which nobody does (MQTT 5 section 2.1.2). */
  private static final Set<Integer> NOT_FROM_BROWSERS =
      Set.of(0, Packet.CONNACK, Packet.SUBACK, 11, 13);

  private final TopicRules publish;
  private final GatewayMetrics metrics;
  private final PacketFramer browser;
  private final PacketFramer broker;
  private final SubscribeFilter subscribing;
  private final BitSet aliases = new BitSet();
  private final BitSet allowedAliases = new BitSet();
  private int version;
  private long browserPackets;
  private boolean answered;
  private boolean over;

  PacketFilter(
      TopicRules publish, TopicRules subscribe, int packetBytesMax, GatewayMetrics metrics) {
    this.publish = publish;
    this.metrics = metrics;
    browser = new PacketFramer(packetBytesMax);
    broker = new PacketFramer(packetBytesMax);
    subscribing = new SubscribeFilter(subscribe, metrics);
  }

  /** Whether the browser has introduced itself. */
  boolean isConnected() {
    return version != 0;
  }

  /** Whether the broker has said something. */
  boolean isAnswered() {
    return answered;
  }

  /** How many packets of the browser were whole. */
  long browserPackets() {
    return browserPackets;
  }

  /** Whether a packet of the browser has begun and has not ended. */
  boolean isUnfinished() {
    return browser.heldCount() > 0;
  }

  /** How much memory unfinished packets take. */
  int heldBytes() {
    return browser.heldBytes() + broker.heldBytes();
  }

  /** Whether one of the two has said in MQTT that it will close. */
  boolean isOver() {
    return over;
  }

  /** Bytes came from the browser. */
  void fromBrowser(byte[] bytes, Outlet out) throws Violation {
    if (version == 0 && browser.heldCount() == 0 && bytes.length > 0 && bytes[0] != 0x10) {
      throw Violation.malformed("the first packet is no CONNECT");
    }
    browser.add(bytes, packet -> browserSent(packet, out));
  }

  /** Bytes came from the broker. */
  void fromBroker(byte[] bytes, Outlet out) throws Violation {
    broker.add(bytes, packet -> brokerSent(packet, out));
  }

  private void browserSent(Packet packet, Outlet out) throws Violation {
    metrics.fromBrowser(packet.length());
    browserPackets++;
    if ((packet.type() == Packet.CONNECT) != (version == 0)
        || NOT_FROM_BROWSERS.contains(packet.type())) {
      throw Violation.malformed("packet type " + packet.type() + " here");
    }
    boolean passes =
        switch (packet.type()) {
          case Packet.CONNECT -> connect(packet, out);
          case Packet.PUBLISH -> publish.allowAll() || publish(packet, out);
          case Packet.SUBSCRIBE -> subscribing.subscribe(packet, version, out);
          default -> true;
        };
    if (passes) {
      over |= packet.type() == Packet.DISCONNECT;
      out.toBroker(packet.bytes(), packet.from(), packet.to());
    }
  }

  private void brokerSent(Packet packet, Outlet out) throws Violation {
    metrics.fromBroker(packet.length());
    answered = true;
    if (packet.type() == Packet.SUBACK && subscribing.suback(packet, version, out)) {
      return;
    }
    over |= packet.type() == Packet.DISCONNECT || isRefusal(packet);
    out.toBrowser(packet.bytes(), packet.from(), packet.to());
  }

  private static boolean isRefusal(Packet packet) throws Violation {
    return packet.type() == Packet.CONNACK && packet.body().number() % 256 != 0;
  }

  private boolean connect(Packet packet, Outlet out) throws Violation {
    ConnectPacket browser = ConnectPacket.of(packet);
    version = browser.version();
    if (!browser.isKnown()) {
      answer(out, Packet.connack(3, 1)); // unacceptable protocol version, in every version's form
      throw new Violation(CloseCode.PROTOCOL, "only MQTT 3.1, 3.1.1 and 5 are spoken here");
    }
    if (browser.clientId().startsWith(EDGE_CLIENTS)) {
      metrics.clientIdRefused();
      answer(out, Packet.connack(version, version == 5 ? 0x85 : 2));
      throw new Violation(
          CloseCode.POLICY, "client identifiers that begin with spillway- are those of edges");
    }
    if (browser.willTopic() != null && !publish.allowTopic(browser.willTopic())) {
      metrics.publishRefused();
      answer(out, Packet.connack(version, version == 5 ? Packet.NOT_AUTHORIZED : 5));
      throw notAllowed("the will's topic " + browser.willTopic());
    }
    return true;
  }

  private boolean publish(Packet packet, Outlet out) throws Violation {
    PacketReader body = packet.body();
    String topic = topic(body);
    int qos = packet.flags() >> 1 & 3;
    if (qos == 3) {
      throw Violation.malformed("QoS 3");
    }
    int packetId = qos == 0 ? 0 : body.packetId();
    int alias = version == 5 ? body.topicAlias() : 0;
    if (topic.isEmpty() && !aliases.get(alias)) {
      throw Violation.malformed("a PUBLISH without a topic");
    }
    boolean allowed = topic.isEmpty() ? allowedAliases.get(alias) : publish.allowTopic(topic);
    if (alias > 0) {
      aliases.set(alias);
      allowedAliases.set(alias, allowed);
    }
    if (!allowed) {
      refuse(topic.isEmpty() ? "the topic of alias " + alias : topic, qos, packetId, out);
    }
    return allowed;
  }

  // MQTT 3.1.1 section 3.3.5: a server acknowledges, which would be a lie here, or it closes.
  private void refuse(String topic, int qos, int packetId, Outlet out) throws Violation {
    metrics.publishRefused();
    if (version == 5 && qos > 0) {
      int type = qos == 1 ? Packet.PUBACK : Packet.PUBREC;
      answer(out, Packet.acknowledgement(type, packetId, Packet.NOT_AUTHORIZED));
      return;
    }
    if (version == 5) {
      answer(out, Packet.disconnect(Packet.NOT_AUTHORIZED));
    }
    throw notAllowed("topic " + topic);
  }

  private static Violation notAllowed(String what) {
    return new Violation(CloseCode.POLICY, "server.mqtt.publish does not allow " + what);
  }

  private static String topic(PacketReader body) throws Violation {
    String topic = body.text();
    if (topic.indexOf('#') >= 0 || topic.indexOf('+') >= 0) {
      throw Violation.malformed("a PUBLISH to a topic with a wildcard");
    }
    return topic;
  }

  /** A filter as the broker will understand it (MQTT 3.1.1 section 4.7.1). */
  static String filter(PacketReader body) throws Violation {
    String filter = body.text();
    String problem = TopicFilter.problem(filter).orElse(null);
    if (problem != null) {
      throw Violation.malformed("a topic filter: " + problem);
    }
    return filter;
  }

  static void answer(Outlet out, byte[] packet) {
    out.toBrowser(packet, 0, packet.length);
  }
}
