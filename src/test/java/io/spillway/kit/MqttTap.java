package io.spillway.kit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Listens between the broker and the edge: which of a publisher's messages the broker has handed
 * over, and which of those the edge has acknowledged. Only that tells what a broker forgot in a
 * crash from what the edge lost.
 */
public final class MqttTap implements AutoCloseable {
  private static final int IDENTIFIERS = 65_535;
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+-(\\d+)|[^\"]+)\"");

  private final Set<String> handedOver = ConcurrentHashMap.newKeySet();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Set<String> overtaken = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> lastHandedOver = new ConcurrentHashMap<>();
  private final Map<String, Integer> lastAcknowledged = new ConcurrentHashMap<>();
  private final AtomicInteger handedOverAgain = new AtomicInteger();
  private final AtomicInteger unmarkedAgain = new AtomicInteger();
  private final Map<String, Integer> pubacksOfTopic = new ConcurrentHashMap<>();
  private final AtomicInteger pubacks = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();
  private final TcpProxy proxy;
  private volatile Connection newest;

  /** The edge connects to {@link #url} in place of {@code broker}. */
  public MqttTap(Broker broker) {
    proxy = new TcpProxy(broker.port(), Connection::new);
  }

  public String url() {
    return "mqtt://127.0.0.1:" + proxy.port();
  }

  /** Ids that the broker has sent to the edge. */
  public Set<String> handedOver() {
    return Set.copyOf(handedOver);
  }

  /** How often it has sent one that it had sent before. */
  public int handedOverAgain() {
    return handedOverAgain.get();
  }

  /** How often without the DUP flag: nothing tells such a one from a new message. */
  public int unmarkedAgain() {
    return unmarkedAgain.get();
  }

  /** How many messages on the newest connection wait for their acknowledgement. */
  public int unacknowledged() {
    return newest == null ? 0 : newest.unacknowledged();
  }

  /** How many messages waited for their acknowledgement on one connection, at the most. */
  public int mostUnderWay() {
    return mostUnderWay.get();
  }

  /**
   * Ids that the broker itself has sent behind a later one of their topic, before the edge had
   * acknowledged them: on one connection, or when the later one was acknowledged; or for the first
   * time on any connection, having left them out before.
   */
  public Set<String> overtaken() {
    return Set.copyOf(overtaken);
  }

  /** How many acknowledgements the edge has sent. */
  public int pubacks() {
    return pubacks.get();
  }

  /** How many of them for messages on {@code topic}. */
  public int pubacks(String topic) {
    return pubacksOfTopic.getOrDefault(topic, 0);
  }

  /** Ids that the edge has acknowledged: from then on they are the edge's. */
  public Set<String> acknowledged() {
    return Set.copyOf(acknowledged);
  }

  /** The link, to be cut or frozen. */
  public TcpProxy link() {
    return proxy;
  }

  @Override
  public void close() {
    proxy.close();
  }

  /** A message under way; without an id in it, {@code id} is empty; without a number, n is -1. */
  private record Delivery(String topic, String id, int n) {
    static Delivery of(MqttFrames.Packet packet) {
      Matcher id = ID.matcher(packet.payload());
      if (!id.find()) {
        return new Delivery(packet.topic(), "", -1);
      }
      int n = id.group(2) == null ? -1 : Integer.parseInt(id.group(2));
      return new Delivery(packet.topic(), id.group(1), n);
    }
  }

  /**
   * @param at the how manieth of its connection
   */
  private record Sent(Delivery delivery, long at) {}

  private final class Connection implements TcpProxy.Tap {
    private final MqttFrames toServer = new MqttFrames();
    private final MqttFrames toClient = new MqttFrames();
    private final Map<Integer, Deque<Sent>> inFlight = new HashMap<>();
    private long sent;
    private int underWay;
    private final Map<String, Integer> lastOfTopic = new HashMap<>();

    synchronized int unacknowledged() {
      return underWay;
    }

    @Override
    public void fromClient(byte[] bytes, int count) {
      toServer.feed(bytes, count, this::sentByEdge);
    }

    @Override
    public void fromServer(byte[] bytes, int count) {
      toClient.feed(bytes, count, this::sentByBroker);
    }

    private synchronized void sentByBroker(MqttFrames.Packet packet) {
      if (packet.type() == MqttFrames.PUBLISH && packet.qos() == 1) {
        Delivery delivery = Delivery.of(packet);
        underWay(packet, delivery);
        if (!delivery.id().isEmpty()) {
          handedOver(delivery, packet.isDup());
        }
      }
    }

    /** Some brokers give an identifier again that is in use, others send one message twice. */
    private void underWay(MqttFrames.Packet packet, Delivery delivery) {
      Deque<Sent> before = inFlight.computeIfAbsent(packet.publishId(), id -> new ArrayDeque<>());
      Sent last = before.peekLast();
      boolean again = last != null && packet.isDup() && last.delivery().equals(delivery);
      sent++;
      if (!again || sent - last.at() > IDENTIFIERS / 2) {
        before.add(new Sent(delivery, sent));
        mostUnderWay.accumulateAndGet(++underWay, Math::max);
      }
    }

    private void handedOver(Delivery delivery, boolean marked) {
      boolean first = handedOver.add(delivery.id());
      if (!first) {
        handedOverAgain.incrementAndGet();
        unmarkedAgain.addAndGet(marked ? 0 : 1);
      }
      int n = delivery.n();
      if (n < 0) {
        return;
      }
      boolean leftOut = lastHandedOver.merge(delivery.topic(), n, Math::max) > n && first;
      boolean behind =
          lastOfTopic.merge(delivery.topic(), n, Math::max) > n
              || lastAcknowledged.getOrDefault(delivery.topic(), n) > n;
      if ((leftOut || behind) && !acknowledged.contains(delivery.id())) {
        overtaken.add(delivery.id());
      }
    }

    private void acknowledged(Delivery delivery) {
      pubacksOfTopic.merge(delivery.topic(), 1, Integer::sum);
      if (!delivery.id().isEmpty()) {
        acknowledged.add(delivery.id());
        lastAcknowledged.merge(delivery.topic(), delivery.n(), Math::max);
      }
    }

    private synchronized void sentByEdge(MqttFrames.Packet packet) {
      if (packet.type() == MqttFrames.CONNECT && !asksOnly(packet)) {
        newest = this;
      } else if (packet.type() == MqttFrames.PUBACK) {
        pubacks.incrementAndGet();
        Deque<Sent> ofIdentifier = inFlight.get(packet.ackedId());
        if (ofIdentifier != null) {
          underWay--;
          acknowledged(ofIdentifier.remove().delivery());
          inFlight.computeIfPresent(packet.ackedId(), (id, left) -> left.isEmpty() ? null : left);
        }
      }
    }
  }

  /** On such a connection the edge asks what the broker is, and acknowledges nothing. */
  private static boolean asksOnly(MqttFrames.Packet connect) {
    return new String(connect.body(), StandardCharsets.UTF_8).endsWith("-asks");
  }

  /** As in a failure message: what the edge has, of {@code ids}. */
  public List<String> notAcknowledged(List<String> ids) {
    return ids.stream().filter(id -> !acknowledged.contains(id)).toList();
  }
}
