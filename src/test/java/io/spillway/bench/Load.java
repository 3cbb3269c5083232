package io.spillway.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A publisher at QoS 1 that takes as little CPU as possible: ready-made packets of which only the
 * number changes, many of them in one write, and acknowledgements that are merely counted.
 */
final class Load implements AutoCloseable {
  private static final int PAYLOAD_BYTES = 200;
  private static final int TOPICS = 10;
  private static final int WINDOW = 10_000;
  private static final int WRITE_PACKETS = 200;
  private static final long STEP_NANOS = 200_000;
  private static final int PACKET_IDS = 65_535;
  private static final int PUBACK_BYTES = 4;

  private final Socket socket;
  private final OutputStream out;
  private final byte[][] packets = new byte[TOPICS][];
  private final int[] idAt = new int[TOPICS];
  private final int[] numberAt = new int[TOPICS];
  private final ByteBuffer batch = ByteBuffer.allocate(WRITE_PACKETS * 300);
  private final AtomicLong ackedBytes = new AtomicLong();
  private volatile long sent;
  private volatile long[] sentNanos = {};

  /** To the broker on loopback {@code port}, to ten topics below {@code topic}. */
  Load(int port, String topic) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      out = socket.getOutputStream();
      connect("bench-" + topic.replace('/', '-'));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    for (int i = 0; i < TOPICS; i++) {
      prepare(i, topic + "/" + i);
    }
    Thread reader = new Thread(this::countAcks, "acks");
    reader.setDaemon(true);
    reader.start();
  }

  // MQTT 3.1.1 section 3.1: clean session, no keep-alive.
  private void connect(String clientId) throws IOException {
    byte[] id = clientId.getBytes(StandardCharsets.UTF_8);
    ByteBuffer connect = ByteBuffer.allocate(14 + id.length);
    connect.put((byte) 0x10).put((byte) (12 + id.length));
    connect.putShort((short) 4).put("MQTT".getBytes(StandardCharsets.US_ASCII));
    connect.put((byte) 4).put((byte) 2).putShort((short) 0);
    connect.putShort((short) id.length).put(id);
    out.write(connect.array());
    byte[] connack = socket.getInputStream().readNBytes(4);
    if (connack.length < 4 || connack[3] != 0) {
      throw new IOException("the broker did not accept the publisher");
    }
  }

  // Section 3.3: QoS 1, remaining length in two bytes, topic, packet identifier, payload.
  private void prepare(int i, String topic) {
    byte[] name = topic.getBytes(StandardCharsets.UTF_8);
    int remaining = 2 + name.length + 2 + PAYLOAD_BYTES;
    ByteBuffer packet = ByteBuffer.allocate(3 + remaining);
    packet.put((byte) 0x32).put((byte) (remaining % 128 | 128)).put((byte) (remaining / 128));
    packet.putShort((short) name.length).put(name);
    idAt[i] = packet.position();
    numberAt[i] = idAt[i] + 2 + Tail.MARK.length;
    packet.putShort((short) 0).put(payload(i).getBytes(StandardCharsets.UTF_8));
    packets[i] = packet.array();
  }

  private static String payload(int station) {
    String values =
        new String(Tail.MARK, StandardCharsets.US_ASCII)
            + "0".repeat(Tail.DIGITS)
            + "\",\"station\":\"pws-%d\",\"tempC\":21.37,\"humidity\":56.2,\"pressureHpa\":1013.25,"
                .formatted(station)
            + "\"wind\":{\"ms\":3.4,\"deg\":210},\"rainMm\":0.0,\"batteryV\":3.71,\"note\":\"";
    return values + "x".repeat(PAYLOAD_BYTES - values.length() - 2) + "\"}";
  }

  /** Publishes evenly for {@code time}. */
  void evenly(int perSecond, Duration time) {
    long began = System.nanoTime();
    long first = sent;
    long count = perSecond * time.toMillis() / 1000;
    while (sent < first + count) {
      long due =
          first + Math.min(count, 1 + (System.nanoTime() - began) * perSecond / 1_000_000_000);
      send(due);
      LockSupport.parkNanos(STEP_NANOS);
    }
  }

  /** Publishes {@code count} messages as fast as the broker takes them. */
  void flatOut(long count) {
    send(sent + count);
  }

  /** Waits until the broker has acknowledged all that was sent. */
  void settle() {
    while (acked() < sent) {
      LockSupport.parkNanos(STEP_NANOS);
    }
  }

  private void send(long until) {
    try {
      while (sent < until) {
        while (sent - acked() > WINDOW - WRITE_PACKETS) {
          LockSupport.parkNanos(STEP_NANOS);
        }
        batch.clear();
        long next = sent;
        long[] times = sentNanos;
        long now = System.nanoTime();
        for (int i = 0; i < WRITE_PACKETS && next < until; i++, next++) {
          add(next);
          if (next < times.length) {
            times[(int) next] = now;
          }
        }
        sent = next;
        out.write(batch.array(), 0, batch.position());
      }
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private void add(long number) {
    int topic = (int) (number % TOPICS);
    byte[] packet = packets[topic];
    int id = (int) (number % PACKET_IDS) + 1;
    packet[idAt[topic]] = (byte) (id >> 8);
    packet[idAt[topic] + 1] = (byte) id;
    long rest = number;
    for (int digit = Tail.DIGITS - 1; digit >= 0; digit--) {
      packet[numberAt[topic] + digit] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    batch.put(packet);
  }

  /** From now on remembers when each message up to number {@code below} was sent. */
  long[] remember(int below) {
    sentNanos = new long[below];
    return sentNanos;
  }

  /** Messages published so far; they are numbered from 0. */
  long sent() {
    return sent;
  }

  /** Messages that the broker has acknowledged. */
  long acked() {
    return ackedBytes.get() / PUBACK_BYTES;
  }

  private void countAcks() {
    byte[] bytes = new byte[65_536];
    try (InputStream in = socket.getInputStream()) {
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        ackedBytes.addAndGet(count);
      }
    } catch (IOException over) {
      // Closed by the broker or by close(): nothing is counted any more.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
