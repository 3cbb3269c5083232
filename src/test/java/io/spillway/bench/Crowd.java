package io.spillway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Many WebSocket clients that cost as little CPU as possible: one thread, one buffer, and records
 * that are counted and, but on a few connections, not looked at.
 */
final class Crowd implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;
  private static final int QUIET_LOOKS = 5;
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final List<CrowdMember> members = new ArrayList<>();
  private final long pauseNanos;
  private final Thread thread = new Thread(this::run, "crowd");
  private long count;
  private volatile long records;
  private final AtomicInteger gone = new AtomicInteger();
  private volatile String lastWords = "";
  private volatile boolean closed;

  private Crowd(Duration pause) throws IOException {
    selector = Selector.open();
    pauseNanos = pause.toNanos();
    thread.setDaemon(true);
  }

  /**
   * Opens {@code clients} connections, while nothing is published.
   *
   * @param watched how many of them look at each record
   * @param pause between two rounds of reading, so that each reads much at a time; zero: none, for
   *     true latencies
   */
  static Crowd open(URI url, int clients, int watched, Duration pause) throws IOException {
    Crowd crowd = new Crowd(pause);
    crowd.thread.start();
    for (int i = 0; i < clients; i++) {
      CrowdMember member = new CrowdMember(crowd, i < watched ? new RecordWatch() : null);
      crowd.members.add(member);
      SocketChannel channel = ClientSocket.open(url, null, member.reader());
      member.connected(channel);
      channel.configureBlocking(false);
      channel.register(crowd.selector, SelectionKey.OP_READ, member);
    }
    crowd.selector.wakeup();
    return crowd;
  }

  private void run() {
    try {
      while (!closed) {
        if (pauseNanos > 0) {
          LockSupport.parkNanos(pauseNanos);
          selector.selectNow(this::read);
        } else {
          selector.select(this::read, LOOK.toMillis());
        }
        records = count;
      }
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private void read(SelectionKey key) {
    CrowdMember member = (CrowdMember) key.attachment();
    buffer.clear();
    try {
      if (member.channel().read(buffer) >= 0) {
        member.reader().read(buffer.flip());
      } else {
        leave(key, member, "end of stream");
      }
    } catch (IOException error) {
      leave(key, member, error.getMessage());
    }
  }

  private void leave(SelectionKey key, CrowdMember member, String why) {
    key.cancel();
    member.close();
    lastWords = lastWords.isEmpty() ? why : lastWords;
    gone.incrementAndGet();
  }

  /** One more record, on the crowd's thread. */
  void counted() {
    count++;
  }

  /** The server has closed a connection, on the crowd's thread. */
  void said(String words) {
    lastWords = words;
  }

  /** Records that have come on all connections together. */
  long records() {
    return records;
  }

  /** Connections that the server has closed. */
  int gone() {
    return gone.get();
  }

  /** What the server said when it last closed one. */
  String lastWords() {
    return lastWords;
  }

  /** Those who look at each record. */
  Stream<RecordWatch> watches() {
    return members.stream().flatMap(CrowdMember::watch);
  }

  /** Records that are missing, doubled or in the wrong order, where they are looked at. */
  long faults() {
    return watches().mapToLong(watch -> watch.missing() + watch.outOfOrder()).sum();
  }

  /** How long each record took to those who look, in ms. */
  double[] millis() {
    return watches()
        .flatMapToDouble(watch -> IntStream.range(0, watch.count()).mapToDouble(watch::millis))
        .toArray();
  }

  /** Forgets the times of what has come so far. */
  void restart() {
    watches().forEach(RecordWatch::restart);
  }

  /** Waits until nothing has come for half a second, and no longer than {@code limit}. */
  void settle(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    long before = -1;
    int quiet = 0;
    while (quiet < QUIET_LOOKS && System.nanoTime() < deadline) {
      quiet = records == before ? quiet + 1 : 0;
      before = records;
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    members.forEach(CrowdMember::close);
    selector.close();
  }
}
