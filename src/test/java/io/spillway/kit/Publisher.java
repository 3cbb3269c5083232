package io.spillway.kit;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes numbered messages at QoS 1, over a socket of its own, and knows exactly which of them
 * the broker has acknowledged.
 *
 * <p>It never sends a message twice, so a duplicate in the end is not its own. When the connection
 * breaks, what was not acknowledged stays so, and it goes on with the next number on a new
 * connection. Payload: {@code {"id":"<run>-<n>","n":n,…}}, number n to topic n modulo their count;
 * or, if told so, the same bytes each time, which only their count can account for.
 */
public final class Publisher implements AutoCloseable {
  private static final int WINDOW = 20_000; // well below the 65,535 packet ids
  private static final int PACKET_IDS = 65_535;
  private static final Duration RECONNECT_LIMIT = Duration.ofSeconds(60);
  private static final AtomicInteger RUNS = new AtomicInteger();

  private final String run = "r" + Long.toString(System.nanoTime(), 36) + RUNS.incrementAndGet();
  private final int port;
  private final List<String> topics;
  private final String padding;
  private byte[] samePayload;
  private int longEvery = Integer.MAX_VALUE;
  private String longPadding = "";
  private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicInteger sent = new AtomicInteger();
  private Link link;
  private Thread background;
  private volatile boolean ending;
  private volatile Throwable failure;

  /** To the broker on loopback {@code port}; messages of about 200 bytes. */
  public Publisher(int port, List<String> topics) {
    this.port = port;
    this.topics = List.copyOf(topics);
    this.padding = "x".repeat(120);
  }

  /** From now on every message has this payload, as a contact or a heartbeat has. */
  public Publisher always(String payload) {
    samePayload = payload.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  /** From now on the last of each {@code every} messages is longer by so many bytes. */
  public Publisher longOnes(int every, int bytes) {
    longEvery = every;
    longPadding = "y".repeat(bytes);
    return this;
  }

  /** Whether message {@code n} is one of {@link #longOnes}. */
  public boolean isLong(int n) {
    return n % longEvery == longEvery - 1;
  }

  /**
   * Publishes {@code count} messages, evenly at {@code perSecond}, and returns when all are sent.
   */
  public void publish(int count, int perSecond) {
    long began = System.nanoTime();
    for (int done = 0; done < count && !ending; ) {
      long due = Math.min(count, 1 + (System.nanoTime() - began) * perSecond / 1_000_000_000);
      for (; done < due && !ending; done++) {
        sendNext();
      }
      flush();
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Publishes in the background until {@link #end}. */
  public Publisher begin(int perSecond) {
    background = new Thread(() -> publish(Integer.MAX_VALUE, perSecond), "publisher");
    background.setDaemon(true);
    background.setUncaughtExceptionHandler((thread, why) -> failure = why);
    background.start();
    return this;
  }

  /** Ends {@link #begin}. */
  public void end() {
    ending = true;
    try {
      background.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
    ending = false;
    background = null;
    if (failure != null) {
      throw new AssertionError("it had ended before", failure);
    }
  }

  private void sendNext() {
    int n = sent.get();
    byte[] payload = samePayload == null ? numbered(n) : samePayload;
    while (true) {
      try {
        Link now = connected();
        Await.until("the broker acknowledges", RECONNECT_LIMIT, now::hasRoom);
        sent.set(n + 1);
        now.send(n, topics.get(n % topics.size()), payload);
        return;
      } catch (IOException broken) {
        link = null;
        if (sent.get() > n) {
          return; // it may have arrived or not: never acknowledged
        }
      }
    }
  }

  private byte[] numbered(int n) {
    return "{\"id\":\"%s\",\"n\":%d,\"pad\":\"%s\"}"
        .formatted(id(n), n, isLong(n) ? padding + longPadding : padding)
        .getBytes(StandardCharsets.UTF_8);
  }

  private void flush() {
    try {
      if (link != null) {
        link.out.flush();
      }
    } catch (IOException broken) {
      link = null;
    }
  }

  private Link connected() throws IOException {
    if (link == null || link.broken) {
      Await.until("the broker on " + port + " accepts", RECONNECT_LIMIT, this::connect);
    }
    return link;
  }

  private boolean connect() throws IOException {
    link = new Link();
    return true;
  }

  /** Waits until the broker has acknowledged all that was sent on the connection that is open. */
  public void awaitAcknowledged() {
    Link now = link;
    if (now != null) {
      Await.until(
          () -> now.inFlight.size() + " messages are acknowledged by the broker",
          Duration.ofSeconds(60),
          () -> now.broken || now.inFlight.isEmpty());
    }
  }

  /** What begins the id of each of its messages. */
  public String run() {
    return run;
  }

  /** Id of message {@code n}. */
  public String id(int n) {
    return run + "-" + n;
  }

  /** What the stored line of message {@code n}, and no other, contains. */
  public String mark(int n) {
    return "\"id\":\"" + id(n) + "\"";
  }

  public List<String> topics() {
    return topics;
  }

  /** How many were sent; their numbers are below this. */
  public int sent() {
    return sent.get();
  }

  public int acknowledgedCount() {
    return acknowledged.size();
  }

  /** Ids of those that the broker has acknowledged, in the order of their numbers. */
  public List<String> acknowledged() {
    List<String> ids = new ArrayList<>();
    for (int n = 0; n < sent.get(); n++) {
      if (acknowledged.contains(n)) {
        ids.add(id(n));
      }
    }
    return ids;
  }

  @Override
  public void close() {
    ending = true;
    if (link != null) {
      link.close();
    }
  }

  /** One connection. */
  private final class Link {
    private final Socket socket;
    private final OutputStream out;
    private final Map<Integer, Integer> inFlight = new ConcurrentHashMap<>();
    private int lastPacketId;
    private volatile boolean broken;

    Link() throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(10_000);
      out = new BufferedOutputStream(socket.getOutputStream(), 65_536);
      out.write(MqttFrames.connect(run + "-" + System.nanoTime()));
      out.flush();
      byte[] connack = socket.getInputStream().readNBytes(4);
      if (connack.length < 4 || connack[0] >> 4 != MqttFrames.CONNACK || connack[3] != 0) {
        close();
        throw new IOException("the broker did not accept the connection");
      }
      socket.setSoTimeout(0);
      Thread reader = new Thread(this::read, "publisher-acks");
      reader.setDaemon(true);
      reader.start();
    }

    boolean hasRoom() {
      return broken || inFlight.size() < WINDOW;
    }

    void send(int n, String topic, byte[] payload) throws IOException {
      lastPacketId = lastPacketId % PACKET_IDS + 1;
      inFlight.put(lastPacketId, n);
      out.write(MqttFrames.publish(lastPacketId, topic, payload));
    }

    private void read() {
      MqttFrames frames = new MqttFrames();
      byte[] bytes = new byte[8192];
      try (InputStream in = socket.getInputStream()) {
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
          frames.feed(bytes, count, this::arrived);
        }
      } catch (IOException gone) {
        // What was not acknowledged stays so.
      }
      broken = true;
    }

    private void arrived(MqttFrames.Packet packet) {
      if (packet.type() == MqttFrames.PUBACK) {
        Integer n = inFlight.remove(packet.ackedId());
        if (n != null) {
          acknowledged.add(n);
        }
      }
    }

    void close() {
      broken = true;
      try {
        socket.close();
      } catch (IOException alreadyGone) {
        // It is the end in any case.
      }
    }
  }
}
