package io.spillway.kit;

import io.spillway.message.Lines;
import io.spillway.wire.Wire;
import io.spillway.wire.WireException;
import io.spillway.wire.WireMessage;
import io.spillway.wire.WireMessage.Ack;
import io.spillway.wire.WireMessage.BatchMessage;
import io.spillway.wire.WireMessage.Hello;
import io.spillway.wire.WireMessage.Welcome;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A steady stream of records <code>{"n":…,"at":…,"_id":"feed.e.n"}</code> into a server, as an edge
 * would send them: in acknowledged mode, from where the server is after a break, each once.
 */
public final class Feed implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long TURN_NANOS = 5_000_000;

  private final URI url;
  private final String name;
  private final String padding;
  private volatile long created;
  private volatile long acknowledged;
  private volatile long perSecond;
  private volatile boolean closed;

  /**
   * @param wsUrl with the token, if one is needed
   * @param paddingBytes how much longer each record is made
   */
  public Feed(String wsUrl, String name, int paddingBytes) {
    url = URI.create(wsUrl);
    this.name = name;
    padding = paddingBytes == 0 ? "" : ",\"pad\":\"" + "x".repeat(paddingBytes) + "\"";
    Thread thread = new Thread(this::run, "feed");
    thread.setDaemon(true);
    thread.start();
  }

  /** Into {@code server}, small records. */
  public static Feed into(Spillway server) {
    return new Feed(server.wsUrl() + "?token=" + Spillway.TOKEN, "feed", 0);
  }

  /** Creates so many records a second from now on; 0: no more. */
  public Feed rate(int records) {
    perSecond = records;
    return this;
  }

  /** Creates so many at once, and waits until they are stored. */
  public Feed send(int records) {
    add(records);
    settle();
    return this;
  }

  private synchronized void add(long records) {
    created += records;
  }

  /** No more are created; returns when all are stored, with how many there are. */
  public long end() {
    rate(0);
    settle();
    return created;
  }

  private void settle() {
    Await.until(
        () -> "all are acknowledged: " + acknowledged + " of " + created,
        LIMIT,
        () -> acknowledged == created);
  }

  /** How many are known to be on the server's disk. */
  public long acknowledged() {
    return acknowledged;
  }

  private void run() {
    while (!closed) {
      try {
        new Link().pump();
      } catch (InterruptedException interrupted) {
        return;
      } catch (RuntimeException | WireException noServer) {
        LockSupport.parkNanos(20 * TURN_NANOS);
      }
    }
  }

  /** One connection. */
  private final class Link implements WebSocket.Listener {
    private final BlockingQueue<WireMessage> answers = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private volatile boolean over;
    private long turn = System.nanoTime();
    private double due;

    void pump() throws InterruptedException, WireException {
      WebSocket socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .subprotocols(Wire.SUBPROTOCOL)
              .connectTimeout(LIMIT)
              .buildAsync(url, this)
              .join();
      socket.sendText(Wire.encode(new Hello(name, "e", acknowledged + 1)), true).join();
      Welcome welcome = (Welcome) answers.poll(10, TimeUnit.SECONDS);
      if (welcome == null) {
        throw new IllegalStateException("no welcome");
      }
      long next = welcome.next();
      int most = Math.min(welcome.maxRecords(), welcome.maxBytes() / (200 + padding.length()));
      while (!over && !closed) {
        create();
        if (next <= created && next - 1 - acknowledged < (long) most * welcome.window() / 2) {
          long end = Math.min(created + 1, next + most);
          socket.sendText(Wire.encode(new BatchMessage(next, lines(next, end))), true).join();
          next = end;
        }
        WireMessage answer = answers.poll(TURN_NANOS, TimeUnit.NANOSECONDS);
        if (answer instanceof Ack ack) {
          acknowledged = ack.next() - 1;
        }
      }
      socket.abort();
    }

    private void create() {
      long now = System.nanoTime();
      due += (now - turn) / 1e9 * perSecond;
      turn = now;
      long whole = (long) due;
      due -= (double) whole;
      add(whole);
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        try {
          answers.add(Wire.decode(text.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (WireException error) {
          over = true;
        }
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      over = true;
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      over = true;
    }
  }

  private Lines lines(long from, long end) {
    Lines.Builder lines = new Lines.Builder((int) (end - from) * (100 + padding.length()));
    for (long n = from; n < end; n++) {
      String record =
          "{\"n\":%d,\"at\":%d%s,\"_id\":\"%s.e.%d\"}"
              .formatted(n, System.nanoTime(), padding, name, n);
      byte[] bytes = record.getBytes(StandardCharsets.US_ASCII);
      lines.add(bytes, 0, bytes.length);
    }
    return lines.build();
  }

  @Override
  public void close() {
    closed = true;
  }
}
