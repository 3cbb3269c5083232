package io.spillway.server.mqtt;

/**
 * What a CONNECT says of a client (MQTT 3.1.1 section 3.1, MQTT 5 section 3.1).
 *
 * @param version 3 for MQTT 3.1, 4 for MQTT 3.1.1, 5; whatever else was said if it is not known
 * @param clientId empty: the broker gives it one
 * @param willTopic null: no will
 */
record ConnectPacket(int version, String clientId, String willTopic) {
  private static final int NOT_KNOWN = -1;
  private static final int WILL = 0x04;
  private static final int WILL_QOS = 0x18;

  /** Whether it is a version whose packets can be read. */
  boolean isKnown() {
    return version != NOT_KNOWN;
  }

  static ConnectPacket of(Packet connect) throws Violation {
    PacketReader body = connect.body();
    String name = body.text();
    int version = body.octet();
    boolean known =
        name.equals("MQTT") ? version == 4 || version == 5 : name.equals("MQIsdp") && version == 3;
    if (!known) {
      return new ConnectPacket(NOT_KNOWN, "", null);
    }
    int flags = body.octet();
    if ((flags & 1) != 0 || (flags & WILL_QOS) == WILL_QOS) {
      throw Violation.malformed("the flags of CONNECT");
    }
    body.number(); // keep alive
    if (version == 5) {
      body.skipProperties();
    }
    String clientId = body.text();
    return new ConnectPacket(
        version, clientId, (flags & WILL) == 0 ? null : willTopic(body, version));
  }

  private static String willTopic(PacketReader body, int version) throws Violation {
    if (version == 5) {
      body.skipProperties();
    }
    String topic = body.text();
    if (topic.isEmpty() || topic.indexOf('#') >= 0 || topic.indexOf('+') >= 0) {
      throw Violation.malformed("the topic of the will");
    }
    return topic;
  }
}
