package io.spillway.chaos;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reader of the live view that comes back after each break with the offset of the next record,
 * and notes whatever it gets twice, out of order, or not.
 */
final class LiveReader implements AutoCloseable {
  private static final Pattern OFFSET = Pattern.compile("\"_offset\":(\\d+)}$");
  private static final Pattern TROUBLE = Pattern.compile("\"(gap|reset)\":");
  private static final Pattern ID = Pattern.compile("\"id\":\"(r[0-9a-z]+-\\d+)\"");
  private static final int FAULTS_MAX = 5;
  private static final int RECENT_MAX = 10_000;
  private static final long PATIENCE_SECONDS = 10;

  private final String url;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final List<String> faults = new ArrayList<>();
  private final Set<String> recent = new LinkedHashSet<>();
  private volatile boolean closed;
  private volatile long last;

  /**
   * Begins.
   *
   * @param url with its token, and without {@code since}
   */
  LiveReader(String url) {
    this.url = url;
    Thread thread = new Thread(this::run, "live-reader");
    thread.setDaemon(true);
    thread.start();
  }

  /** The last offset that it has had. */
  long last() {
    return last;
  }

  /** Whether this message is among the latest that it has had. */
  synchronized boolean hasSeen(String id) {
    return recent.contains(id);
  }

  private synchronized void seen(String id) {
    recent.add(id);
    if (recent.size() > RECENT_MAX) {
      recent.remove(recent.iterator().next());
    }
  }

  synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  private synchronized void fault(String words) {
    if (faults.size() < FAULTS_MAX) {
      faults.add(words);
    }
  }

  private void run() {
    while (!closed) {
      Link link = new Link();
      try {
        WebSocket socket =
            client
                .newWebSocketBuilder()
                .buildAsync(URI.create(url + "&since=" + (last + 1)), link)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        while (!link.ended.await(1, TimeUnit.SECONDS) && !closed) {
          socket.sendPing(ByteBuffer.allocate(1)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        socket.abort();
      } catch (InterruptedException interrupted) {
        return;
      } catch (ExecutionException | TimeoutException away) {
        link.over = true;
      }
      LockSupport.parkNanos(300_000_000);
    }
  }

  private final class Link implements WebSocket.Listener {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final StringBuilder text = new StringBuilder();
    private volatile boolean over;

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean whole) {
      text.append(part);
      if (whole) {
        if (!over) {
          message(text.toString());
        }
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    private void message(String message) {
      Matcher offset = OFFSET.matcher(message);
      if (offset.find()) {
        long now = Long.parseLong(offset.group(1));
        if (now != last + 1) {
          fault(last + " is followed by " + now);
        }
        last = now;
        Matcher id = ID.matcher(message);
        if (id.find()) {
          seen(id.group(1));
        }
      } else if (TROUBLE.matcher(message).find()) {
        fault("after " + last + ": " + message);
      }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      ended.countDown();
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      ended.countDown();
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
