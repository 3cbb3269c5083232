package io.spillway.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An MQTT 3.1.1 broker for one session, whose packets are chosen by the test: for orders that are
 * legal and that no broker at hand can be made to show when they are wanted. It answers CONNECT,
 * SUBSCRIBE and PINGREQ by itself; of a connection that only asks for {@code $SYS}, it says
 * nothing.
 */
public final class ScriptedBroker implements AutoCloseable {
  private static final int CONNECT = 1;
  private static final int SUBSCRIBE = 8;
  private static final int PINGREQ = 12;

  private final ServerSocket listener;
  private final BlockingQueue<Session> sessions = new LinkedBlockingQueue<>();
  private boolean present;

  public ScriptedBroker() {
    try {
      listener = new ServerSocket(FreePort.next(), 50, InetAddress.getLoopbackAddress());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    daemon(this::accept);
  }

  /** As in {@code edge.mqtt.url}. */
  public String url() {
    return "mqtt://127.0.0.1:" + listener.getLocalPort();
  }

  /** The next connection of the session, when it has subscribed. */
  public Session next() throws InterruptedException {
    Session session = sessions.poll(30, TimeUnit.SECONDS);
    if (session == null) {
      throw new AssertionError("nobody has subscribed");
    }
    return session;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        daemon(() -> new Session(client).serve());
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "scripted-broker");
    thread.setDaemon(true);
    thread.start();
  }

  private synchronized boolean present() {
    boolean before = present;
    present = true;
    return before;
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** One connection. */
  public final class Session {
    /** Packet identifiers that were acknowledged, in order. */
    public final BlockingQueue<Integer> pubacks = new LinkedBlockingQueue<>();

    private final Socket client;
    private final MqttFrames frames = new MqttFrames();
    private boolean asks;

    Session(Socket client) {
      this.client = client;
    }

    /** Sends a PUBLISH at QoS 1. */
    public synchronized void publish(int packetId, boolean dup, String topic, String payload) {
      byte[] packet = MqttFrames.publish(packetId, topic, payload.getBytes(StandardCharsets.UTF_8));
      packet[0] = (byte) (dup ? packet[0] | 8 : packet[0]);
      write(packet);
    }

    /** The next PUBACK. */
    public int puback() throws InterruptedException {
      Integer packetId = pubacks.poll(20, TimeUnit.SECONDS);
      if (packetId == null) {
        throw new AssertionError("no PUBACK");
      }
      return packetId;
    }

    private void serve() {
      try (client) {
        InputStream in = client.getInputStream();
        byte[] bytes = new byte[4096];
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
          frames.feed(bytes, count, this::answer);
        }
      } catch (IOException | UncheckedIOException gone) {
        // The edge was killed: the next one, please.
      }
    }

    private synchronized void answer(MqttFrames.Packet packet) {
      byte[] body = packet.body();
      switch (packet.type()) {
        case CONNECT -> {
          asks = new String(body, StandardCharsets.UTF_8).endsWith("-asks");
          write(new byte[] {0x20, 2, (byte) (!asks && present() ? 1 : 0), 0});
        }
        case SUBSCRIBE -> {
          write(new byte[] {(byte) 0x90, 3, body[0], body[1], 1});
          if (!asks) {
            sessions.add(this);
          }
        }
        case PINGREQ -> write(new byte[] {(byte) 0xd0, 0});
        case MqttFrames.PUBACK -> pubacks.add(packet.ackedId());
        default -> {
          // DISCONNECT
        }
      }
    }

    private void write(byte[] packet) {
      try {
        OutputStream out = client.getOutputStream();
        out.write(packet);
        out.flush();
      } catch (IOException gone) {
        throw new UncheckedIOException(gone);
      }
    }
  }
}
