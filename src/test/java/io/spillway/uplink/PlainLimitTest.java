package io.spillway.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.BusFailure;
import io.spillway.bus.KeylessBatch;
import io.spillway.message.Texts;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("To a plain server that takes less than a batch, the edge")
class PlainLimitTest {
  private static final int RECORDS = 40;
  private static final int LONG_EVERY = 7;
  private static final short TOO_BIG = 1009;

  @Test
  @DisplayName("brings every record that fits, in order, and sets aside only those that never do")
  void everyLimit() {
    for (int serverTakes = 12; serverTakes <= 260; serverTakes++) {
      for (int batch : List.of(1, 3, 20)) {
        for (boolean allPongs : List.of(true, false)) {
          Site site = new Site(serverTakes, batch, allPongs);
          site.run();
          assertThat(site.setAside)
              .as("a server that takes %d bytes, batches of %d", serverTakes, batch)
              .isEqualTo(site.tooLong());
          List<Integer> first = site.stored.stream().distinct().toList();
          assertThat(first).isSorted().hasSize(RECORDS - site.setAside.size());
        }
      }
    }
  }

  @Test
  @DisplayName("tries twice as much after a day in which all arrived, and again after the next")
  void growsAgain() {
    PlainLimit limit = new PlainLimit();
    limit.arrives(0);
    limit.tooBig(7, 100, 2, true);
    limit.arrives(5);
    limit.arrives(4 + PlainLimit.SAME_FOR_MS);
    assertThat(limit.most()).isEqualTo(50);
    limit.arrives(5 + PlainLimit.SAME_FOR_MS);
    assertThat(limit.most()).isEqualTo(100);
    for (int day = 2; day < 40; day++) {
      limit.arrives(5 + day * PlainLimit.SAME_FOR_MS);
    }
    assertThat(limit.most()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  @DisplayName("knows nothing of another server")
  void anotherServer() {
    PlainLimit limit = new PlainLimit();
    limit.tooBig(7, 100, 2, false);
    limit.tooBig(7, 50, 1, true);
    limit.tooBig(7, 50, 1, true);
    limit.forget();
    assertThat(limit.most()).isEqualTo(Integer.MAX_VALUE);
    assertThat(limit.window()).isGreaterThan(1);
    assertThat(limit.isRefused(50)).isFalse();
  }

  /** A spool of small and long records, and a server that closes at what is too long for it. */
  private static final class Site {
    final List<Integer> stored = new ArrayList<>();
    final Set<Integer> setAside = new TreeSet<>();
    private final Outbox outbox = new Outbox();
    private final PlainLimit limit = new PlainLimit();
    private final List<String> wire = new ArrayList<>();
    private final int serverTakes;
    private final int batchRecords;
    private final boolean allPongs;
    private long acknowledged = 1;
    private int round;
    private PlainExchange exchange;

    Site(int serverTakes, int batchRecords, boolean allPongs) {
      this.serverTakes = serverTakes;
      this.batchRecords = batchRecords;
      this.allPongs = allPongs;
    }

    void run() {
      connect();
      for (int turn = 0; acknowledged <= RECORDS; turn++) {
        assertThat(turn).as("turns, at %d of %d", acknowledged, RECORDS).isLessThan(500);
        drain();
        exchange.pump();
        serve();
      }
    }

    private void connect() {
      wire.clear();
      exchange =
          new PlainExchange(
              outbox,
              limit,
              wire::add,
              ping -> wire.add(ping.toString()),
              new Exchange.Listener() {
                @Override
                public void welcomed(long next) {}

                @Override
                public void acknowledged(long next) {
                  outbox.acknowledge(next);
                }

                @Override
                public void abandon(String reason) {
                  throw new AssertionError(reason);
                }
              },
              batch -> null);
    }

    /** What the send window does, in short: from the mark on, some batches at a time. */
    private void drain() {
      round++;
      long next = acknowledged;
      for (int batches = 0; batches < 3 && next <= RECORDS; batches++) {
        List<String> lines = new ArrayList<>();
        for (long n = next; n < Math.min(next + batchRecords, RECORDS + 1L); n++) {
          lines.add(line((int) n));
        }
        Promise<Long> answer = Promise.promise();
        answer.future().onSuccess(have -> acknowledged = Math.max(acknowledged, have));
        int asked = round;
        answer
            .future()
            .onFailure(
                error -> {
                  if (BusFailure.of(error) == BusFailure.TOO_LARGE && asked == round) {
                    setAside.add((int) acknowledged++);
                    round++; // what was asked for before counts for no more
                  }
                });
        outbox.add(KeylessBatch.of("pi", "e", acknowledged, next, Texts.lines(lines)), answer);
        next += lines.size();
      }
    }

    private void serve() {
      List<String> received = new ArrayList<>(wire);
      wire.clear();
      List<String> pongs = new ArrayList<>();
      boolean tooBig = false;
      for (String message : received) {
        if (!message.startsWith("[")) {
          pongs.add(message);
        } else if (message.length() > serverTakes) {
          tooBig = true;
          break;
        } else {
          for (Object record : new JsonArray(message)) {
            stored.add(((JsonObject) record).getInteger("n"));
          }
        }
      }
      List<String> heard =
          allPongs || pongs.isEmpty() ? pongs : pongs.subList(pongs.size() - 1, pongs.size());
      heard.forEach(pong -> exchange.pong(Buffer.buffer(pong)));
      if (tooBig) {
        exchange.closed(TOO_BIG, null);
        connect();
      }
    }

    private static String line(int n) {
      boolean isLong = n % LONG_EVERY == 0;
      return "{\"n\":" + n + (isLong ? ",\"f\":\"" + "x".repeat(3 * n) + "\"}" : "}");
    }

    Set<Integer> tooLong() {
      Set<Integer> tooLong = new TreeSet<>();
      for (int n = 1; n <= RECORDS; n++) {
        if (line(n).length() + 2 > serverTakes) {
          tooLong.add(n);
        }
      }
      return tooLong;
    }
  }
}
