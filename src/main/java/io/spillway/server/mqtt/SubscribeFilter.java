package io.spillway.server.mqtt;

import io.spillway.wire.CloseCode;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes the filters that are not allowed out of a SUBSCRIBE, and puts the refusals back into the
 * broker's SUBACK, in the order in which the browser asked (MQTT 3.1.1 section 3.9.3).
 */
final class SubscribeFilter {
  /** SUBSCRIBEs with something taken out that the broker has not answered yet. */
  static final int PENDING_MAX = 64;

  /** Filters of one SUBSCRIBE. */
  static final int FILTERS_MAX = 1_000;

  private static final int FIRST_BYTE = Packet.SUBSCRIBE << 4 | 2;

  /** MQTT 3.1.1: failure. */
  private static final int FAILURE = 0x80;

  private final TopicRules rules;
  private final GatewayMetrics metrics;

  /** By packet identifier: which of the filters went to the broker. */
  private final Map<Integer, List<Boolean>> pending = new HashMap<>();

  SubscribeFilter(TopicRules rules, GatewayMetrics metrics) {
    this.rules = rules;
    this.metrics = metrics;
  }

  /**
   * The browser subscribes.
   *
   * @return true if the packet passes as it is; false if it was dealt with
   */
  boolean subscribe(Packet packet, int version, PacketFilter.Outlet out) throws Violation {
    if (rules.allowAll()) {
      return true;
    }
    if (packet.flags() != 2) {
      throw Violation.malformed("the flags of SUBSCRIBE");
    }
    PacketReader body = packet.body();
    int packetId = body.packetId();
    if (version == 5) {
      body.skipProperties();
    }
    ByteArrayOutputStream allowed = new ByteArrayOutputStream(packet.length());
    int head = packet.body().position();
    allowed.write(packet.bytes(), head, body.position() - head);
    List<Boolean> passed = filters(body, packet.bytes(), allowed);
    if (!passed.contains(false)) {
      return true;
    }
    metrics.subscriptionsRefused(passed.stream().filter(pass -> !pass).count());
    if (passed.contains(true)) {
      remember(packetId, passed);
      byte[] rest = Packet.of(FIRST_BYTE, allowed.toByteArray());
      out.toBroker(rest, 0, rest.length);
    } else {
      PacketFilter.answer(out, refusal(packetId, passed.size(), version));
    }
    return false;
  }

  /** Writes what may be subscribed to into {@code allowed}; tells of each filter whether it may. */
  private List<Boolean> filters(PacketReader body, byte[] bytes, ByteArrayOutputStream allowed)
      throws Violation {
    List<Boolean> passed = new ArrayList<>();
    while (!body.isAtEnd()) {
      if (passed.size() == FILTERS_MAX) {
        throw new Violation(
            CloseCode.POLICY, "more than " + FILTERS_MAX + " filters in one SUBSCRIBE");
      }
      int start = body.position();
      boolean pass = rules.allowFilter(PacketFilter.filter(body));
      body.octet(); // QoS and options
      if (pass) {
        allowed.write(bytes, start, body.position() - start);
      }
      passed.add(pass);
    }
    if (passed.isEmpty()) {
      throw Violation.malformed("a SUBSCRIBE without a filter");
    }
    return passed;
  }

  private void remember(int packetId, List<Boolean> passed) throws Violation {
    if (pending.putIfAbsent(packetId, passed) != null) {
      throw Violation.malformed("packet identifier " + packetId + " is in use");
    }
    if (pending.size() > PENDING_MAX) {
      throw new Violation(
          CloseCode.POLICY, "more than " + PENDING_MAX + " SUBSCRIBEs without an answer");
    }
  }

  private static byte[] refusal(int packetId, int count, int version) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(packetId >> 8);
    body.write(packetId);
    if (version == 5) {
      body.write(0);
    }
    for (int i = 0; i < count; i++) {
      body.write(version == 5 ? Packet.NOT_AUTHORIZED : FAILURE);
    }
    return Packet.of(Packet.SUBACK << 4, body.toByteArray());
  }

  /**
   * The broker answers.
   *
   * @return true if it was the answer to a SUBSCRIBE with something taken out, and was sent on
   */
  boolean suback(Packet packet, int version, PacketFilter.Outlet out) throws Violation {
    if (pending.isEmpty()) {
      return false;
    }
    PacketReader body = packet.body();
    int start = body.position();
    List<Boolean> passed = pending.remove(body.packetId());
    if (passed == null) {
      return false;
    }
    if (version == 5) {
      body.skipProperties();
    }
    ByteArrayOutputStream merged = new ByteArrayOutputStream();
    merged.write(packet.bytes(), start, body.position() - start);
    for (boolean pass : passed) {
      merged.write(pass ? body.octet() : version == 5 ? Packet.NOT_AUTHORIZED : FAILURE);
    }
    PacketFilter.answer(out, Packet.of(Packet.SUBACK << 4, merged.toByteArray()));
    return true;
  }
}
