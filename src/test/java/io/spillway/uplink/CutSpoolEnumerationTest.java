package io.spillway.uplink;

import static io.spillway.message.Texts.lines;
import static io.spillway.message.Texts.texts;
import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Batch;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Origin;
import io.spillway.message.Lines;
import io.spillway.wire.Wire;
import io.spillway.wire.WireException;
import io.spillway.wire.WireMessage;
import io.spillway.wire.WireMessage.Ack;
import io.spillway.wire.WireMessage.BatchMessage;
import io.spillway.wire.WireMessage.Hello;
import io.spillway.wire.WireMessage.Welcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Every small history of a spool that is opened again, shorter than it was or not, while its uplink
 * lives on or does not: no record counts as stored for another, and none gets a new number while
 * nothing was cut.
 */
@DisplayName("A spool that comes back to its uplink")
class CutSpoolEnumerationTest {
  private static final int RECORDS = 3;

  /** What became of what the spool forwarded before it was opened again. */
  private enum Before {
    WAITS_IN_UPLINK,
    ACKNOWLEDGED,
    ACKNOWLEDGEMENT_LOST
  }

  /** What becomes of the uplink when the spool is opened again. */
  private enum Uplinks {
    LIVES_ON,
    LIVES_ON_AND_CONNECTS_LATE,
    IS_NEW,
    IS_NEW_AND_CONNECTS_LATE
  }

  /** What becomes of what the spool forwards then. */
  private enum After {
    ACKNOWLEDGED,
    UPLINK_DIES_BEFORE_IT_HEARS
  }

  private int histories;

  @Test
  @DisplayName("has new numbers where it was cut and never else, and loses nothing")
  void everyHistory() {
    for (int given = 0; given <= RECORDS; given++) {
      for (int kept = 0; kept <= given; kept++) {
        for (int known = 0; known <= kept; known++) {
          for (int fresh = 0; fresh <= RECORDS; fresh++) {
            for (Before before : Before.values()) {
              for (Uplinks uplinks : Uplinks.values()) {
                for (After after : After.values()) {
                  history(given, kept, known, fresh, before, uplinks, after);
                }
              }
            }
          }
        }
      }
    }
    assertThat(histories).isEqualTo((20 * 2 + 10) * 4 * 8);
  }

  private void history(
      int given, int kept, int known, int fresh, Before before, Uplinks uplinks, After after) {
    if (known > 0 && before == Before.WAITS_IN_UPLINK) {
      return; // nothing is stored that could be known to be
    }
    histories++;
    String what =
        "%d records, %d kept, %d known to be stored, %d fresh, %s, %s, %s"
            .formatted(given, kept, known, fresh, before, uplinks, after);
    Server server = new Server();
    Uplink uplink = new Uplink(server);
    Spool spool = new Spool(0);
    spool.append("old", given);
    server.acknowledges = before != Before.ACKNOWLEDGEMENT_LOST;
    if (before != Before.WAITS_IN_UPLINK) {
      uplink.connect();
    }
    spool.drain(uplink);
    boolean cut = kept < given;

    server.acknowledges = true;
    boolean connects = uplinks == Uplinks.LIVES_ON || uplinks == Uplinks.IS_NEW;
    if (uplinks == Uplinks.IS_NEW || uplinks == Uplinks.IS_NEW_AND_CONNECTS_LATE) {
      spool.timeOut();
      uplink = new Uplink(server);
    } else {
      uplink.disconnect();
    }
    if (connects) {
      uplink.connect();
    }
    Spool again = new Spool(known, spool.records.subList(0, kept));
    again.drain(uplink);
    again.append("new", fresh);
    server.acknowledges = after == After.ACKNOWLEDGED;
    again.drain(uplink);
    if (!connects) {
      uplink.connect();
      again.drain(uplink);
    }
    server.acknowledges = true;
    if (after == After.UPLINK_DIES_BEFORE_IT_HEARS) {
      again.timeOut();
      uplink = new Uplink(server);
      again.drain(uplink);
      uplink.connect();
    }
    again.drain(uplink);

    if (again.ahead) {
      assertThat(cut).as(what).isTrue();
    } else {
      assertThat(again.acknowledged).as(what).isEqualTo(again.records.size());
      List<String> promised = again.records.subList(known, again.records.size());
      assertThat(server.stored).as(what).containsAll(promised);
    }
  }

  /** Takes each number once, and the first record that comes under it. */
  private static final class Server {
    final List<String> stored = new ArrayList<>();
    boolean acknowledges = true;

    WireMessage answer(WireMessage message) {
      if (message instanceof Hello) {
        return new Welcome(stored.size() + 1L, 8, 100, 10_000);
      }
      BatchMessage batch = (BatchMessage) message;
      int known = (int) (stored.size() + 1 - batch.first());
      List<String> records = texts(batch.lines());
      stored.addAll(records.subList(Math.min(known, records.size()), records.size()));
      return acknowledges ? new Ack(stored.size() + 1L) : null;
    }
  }

  /** An uplink without its sockets: what it says on the way waits for {@link #settle}. */
  private static final class Uplink {
    final Outbox outbox = new Outbox();
    private final Server server;
    private final Deque<WireMessage> out = new ArrayDeque<>();
    private AcknowledgedExchange link;

    Uplink(Server server) {
      this.server = server;
    }

    void connect() {
      link = new AcknowledgedExchange(outbox, text -> out.add(decoded(text)), new Listener(this));
      link.pump();
      settle();
    }

    void disconnect() {
      link = null;
      out.clear();
    }

    Future<Long> forward(Batch batch) {
      Promise<Long> answer = Promise.promise();
      outbox.add(batch, answer);
      if (link != null) {
        link.pump();
        settle();
      }
      return answer.future();
    }

    private void settle() {
      while (!out.isEmpty()) {
        WireMessage answer = server.answer(out.poll());
        if (link != null && answer != null) {
          link.text(Wire.encode(answer));
        }
      }
    }
  }

  private record Listener(Uplink uplink) implements Exchange.Listener {
    @Override
    public void welcomed(long next) {
      uplink.outbox.acknowledge(next);
      uplink.link.pump();
    }

    @Override
    public void acknowledged(long next) {
      welcomed(next);
    }

    @Override
    public void abandon(String reason) {
      uplink.disconnect();
    }
  }

  /** A spool and how it forwards, as {@code batch/Forwarding} does. */
  private static final class Spool {
    final List<String> records = new ArrayList<>();
    long acknowledged;
    boolean ahead;
    private long end;
    private Future<Long> announced;

    Spool(long acknowledged) {
      this(acknowledged, List.of());
    }

    Spool(long acknowledged, List<String> records) {
      this.acknowledged = acknowledged;
      this.records.addAll(records);
      end = records.size() + 1L;
    }

    void append(String name, int count) {
      for (int n = 1; n <= count; n++) {
        records.add("{\"" + name + "\":" + n + "}");
      }
    }

    void drain(Uplink uplink) {
      if (announced == null) {
        announced = forward(uplink, Lines.NONE);
      }
      announced.onSuccess(
          welcomed -> {
            List<String> rest = records.subList((int) acknowledged, records.size());
            if (!rest.isEmpty()) {
              forward(uplink, lines(rest));
            }
          });
    }

    private Future<Long> forward(Uplink uplink, Lines lines) {
      long first = acknowledged + 1;
      end = Math.max(end, first + lines.count());
      Origin origin = new Origin("pi", "e", "0".repeat(32), false);
      return uplink
          .forward(new Batch(origin, first, end, first, lines))
          .onSuccess(this::moved)
          .onFailure(error -> ahead |= BusFailure.of(error) == BusFailure.AHEAD);
    }

    private void moved(long next) {
      acknowledged = Math.max(acknowledged, Math.min(next - 1, records.size()));
    }

    /** Whoever was asked is gone. */
    void timeOut() {
      if (announced != null && !announced.succeeded()) {
        announced = null;
      }
    }
  }

  private static WireMessage decoded(String text) {
    try {
      return Wire.decode(utf8(text));
    } catch (WireException error) {
      throw new AssertionError(error);
    }
  }
}
