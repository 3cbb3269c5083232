package io.spillway.kit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Listens between the broker and the edge: which of a publisher's messages the broker has handed
 * over, and which of those the edge has acknowledged. Only that tells what a broker forgot in a
 * crash from what the edge lost.
 */
public final class MqttTap implements AutoCloseable {
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

  private final Set<String> handedOver = ConcurrentHashMap.newKeySet();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final TcpProxy proxy;

  /** The edge connects to {@link #url} in place of {@code broker}. */
  public MqttTap(Mosquitto broker) {
    proxy = new TcpProxy(broker.port(), Connection::new);
  }

  public String url() {
    return "mqtt://127.0.0.1:" + proxy.port();
  }

  /** Ids that the broker has sent to the edge. */
  public Set<String> handedOver() {
    return Set.copyOf(handedOver);
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

  private final class Connection implements TcpProxy.Tap {
    private final MqttFrames toServer = new MqttFrames();
    private final MqttFrames toClient = new MqttFrames();
    private final Map<Integer, String> inFlight = new HashMap<>();

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
        Matcher id = ID.matcher(packet.payload());
        if (id.find()) {
          handedOver.add(id.group(1));
          inFlight.put(packet.publishId(), id.group(1));
        }
      }
    }

    private synchronized void sentByEdge(MqttFrames.Packet packet) {
      if (packet.type() == MqttFrames.PUBACK) {
        String id = inFlight.remove(packet.ackedId());
        if (id != null) {
          acknowledged.add(id);
        }
      }
    }
  }

  /** As in a failure message: what the edge has, of {@code ids}. */
  public List<String> notAcknowledged(List<String> ids) {
    return ids.stream().filter(id -> !acknowledged.contains(id)).toList();
  }
}
