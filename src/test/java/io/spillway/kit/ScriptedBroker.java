package io.spillway.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A broker that sends what the test says, packet by packet, to one client; it answers SUBSCRIBE and
 * PINGREQ by itself. For the exact orders that a real broker shows once in a thousand runs.
 */
public final class ScriptedBroker implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(40);

  private final ServerSocket listener;
  private final List<Integer> pubacks = new ArrayList<>();

  /** Answers at QoS 2, as {@code PUBREC 7}. */
  private final List<String> handshakes = new ArrayList<>();

  private Socket client;
  private int accepted;
  private int asked;

  /** Listens, and accepts nobody before it is told to. */
  public ScriptedBroker() {
    try {
      listener = new ServerSocket(FreePort.next(), 50, InetAddress.getLoopbackAddress());
      listener.setSoTimeout((int) LIMIT.toMillis());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** As in {@code edge.mqtt.url}. */
  public String url() {
    return "mqtt://127.0.0.1:" + listener.getLocalPort();
  }

  /**
   * Waits for the client's next connection and accepts it, with its session or with a new one. One
   * on which it only asks what the broker is comes before, and is answered.
   */
  public ScriptedBroker accept(boolean sessionPresent) {
    int before = accepted();
    while (accepted() == before) {
      int askedBefore = asked();
      try {
        client = listener.accept();
        client.setTcpNoDelay(true);
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
      synchronized (this) {
        pubacks.clear();
        handshakes.clear();
      }
      Socket from = client;
      Thread reader = new Thread(() -> read(from, sessionPresent), "scripted-broker");
      reader.setDaemon(true);
      reader.start();
      Await.until("the client connects", LIMIT, () -> accepted() > before || asked() > askedBefore);
    }
    return this;
  }

  /** Sends a PUBLISH at QoS 1. */
  public ScriptedBroker publish(int packetId, boolean dup, String topic, String payload) {
    byte[] packet = MqttFrames.publish(packetId, topic, payload.getBytes(StandardCharsets.UTF_8));
    if (dup) {
      packet[0] |= 8; // 3.3.1.1
    }
    write(client, packet);
    return this;
  }

  /** Sends a PUBLISH at QoS 2. */
  public ScriptedBroker publishOnce(int packetId, boolean dup, String topic, String payload) {
    byte[] packet = MqttFrames.publish(packetId, topic, payload.getBytes(StandardCharsets.UTF_8));
    packet[0] = (byte) (dup ? 0x3c : 0x34);
    write(client, packet);
    return this;
  }

  /** Sends a PUBREL. */
  public ScriptedBroker release(int packetId) {
    write(client, new byte[] {0x62, 2, (byte) (packetId >> 8), (byte) packetId});
    return this;
  }

  /** Waits for the PUBREC of {@code packetId} on this connection, and uses it up. */
  public ScriptedBroker expectPubrec(int packetId) {
    return expect("PUBREC " + packetId);
  }

  /** Waits for the PUBCOMP of {@code packetId} on this connection, and uses it up. */
  public ScriptedBroker expectPubcomp(int packetId) {
    return expect("PUBCOMP " + packetId);
  }

  private ScriptedBroker expect(String answer) {
    Await.until(() -> answer, LIMIT, () -> took(answer));
    return this;
  }

  private synchronized boolean took(String answer) {
    return handshakes.remove(answer);
  }

  /** Waits for the acknowledgement of {@code packetId} on this connection, and uses it up. */
  public ScriptedBroker expectPuback(int packetId) {
    Await.until(() -> "PUBACK of " + packetId, LIMIT, () -> took(packetId));
    return this;
  }

  /** How many acknowledgements have come on this connection and were not expected yet. */
  public synchronized int pubacks() {
    return pubacks.size();
  }

  /** Breaks the connection: what the client has sent and was not expected yet was never read. */
  public ScriptedBroker cut() {
    try {
      client.close();
    } catch (IOException alreadyGone) {
      // That was the aim.
    }
    return this;
  }

  private synchronized boolean took(int packetId) {
    return pubacks.remove(Integer.valueOf(packetId));
  }

  private synchronized int accepted() {
    return accepted;
  }

  private synchronized int asked() {
    return asked;
  }

  private void read(Socket from, boolean sessionPresent) {
    MqttFrames frames = new MqttFrames();
    byte[] bytes = new byte[4096];
    try (InputStream in = from.getInputStream()) {
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        frames.feed(bytes, count, packet -> answer(packet, from, sessionPresent));
      }
    } catch (IOException | UncheckedIOException gone) {
      // The next connection, please.
    }
  }

  private synchronized void answer(MqttFrames.Packet packet, Socket to, boolean sessionPresent) {
    byte[] body = packet.body();
    switch (packet.type()) {
      case MqttFrames.CONNECT -> {
        boolean asks = new String(body, StandardCharsets.UTF_8).endsWith("-asks");
        write(to, new byte[] {0x20, 2, (byte) (sessionPresent && !asks ? 1 : 0), 0});
        asked += asks ? 1 : 0;
        accepted += asks ? 0 : 1;
      }
      case MqttFrames.SUBSCRIBE -> write(to, new byte[] {(byte) 0x90, 3, body[0], body[1], 1});
      case MqttFrames.PINGREQ -> write(to, new byte[] {(byte) 0xd0, 0});
      case MqttFrames.PUBACK -> pubacks.add(packet.ackedId());
      case MqttFrames.PUBREC -> handshakes.add("PUBREC " + packet.ackedId());
      case MqttFrames.PUBCOMP -> handshakes.add("PUBCOMP " + packet.ackedId());
      default -> {} // it says good-bye
    }
  }

  private static synchronized void write(Socket to, byte[] packet) {
    try {
      OutputStream out = to.getOutputStream();
      out.write(packet);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      if (client != null) {
        client.close();
      }
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
