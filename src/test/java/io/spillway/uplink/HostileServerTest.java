package io.spillway.uplink;

import static io.spillway.message.Texts.lines;
import static io.spillway.message.Texts.texts;
import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Batch;
import io.spillway.bus.BusFailure;
import io.spillway.bus.KeylessBatch;
import io.spillway.bus.Loss;
import io.spillway.bus.Origin;
import io.spillway.kit.WireFuzz;
import io.spillway.wire.CloseReason;
import io.spillway.wire.Wire;
import io.spillway.wire.WireException;
import io.spillway.wire.WireMessage;
import io.spillway.wire.WireMessage.Ack;
import io.spillway.wire.WireMessage.BatchMessage;
import io.spillway.wire.WireMessage.Hello;
import io.spillway.wire.WireMessage.Reject;
import io.spillway.wire.WireMessage.Welcome;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A server that says what cannot be")
class HostileServerTest {
  private static final String KEY = "0123456789abcdef".repeat(2);
  private static final long END = 21;

  private final Outbox outbox = new Outbox();
  private final List<String> lost = new ArrayList<>();
  private final List<WireMessage> sent = new ArrayList<>();
  private final List<String> distrusted = new ArrayList<>();
  private final List<Long> released = new ArrayList<>();
  private final List<Long> rejected = new ArrayList<>();
  private AcknowledgedExchange exchange = connect();

  private AcknowledgedExchange connect() {
    return new AcknowledgedExchange(
        outbox,
        text -> sent.add(decoded(text)),
        new Exchange.Listener() {
          @Override
          public void lost(Loss loss) {
            lost.add(loss.series() + ' ' + loss.from() + ' ' + loss.next());
          }

          @Override
          public void welcomed(long next) {
            outbox.acknowledge(next);
            exchange.pump();
          }

          @Override
          public void acknowledged(long next) {
            released.add(next);
            outbox.acknowledge(next);
            exchange.pump();
          }

          @Override
          public void rejected(long seq, String reason) {
            rejected.add(seq);
          }

          @Override
          public void abandon(String reason) {
            throw new AssertionError(reason);
          }

          @Override
          public void distrust(String reason) {
            distrusted.add(reason);
          }
        });
  }

  @Test
  @DisplayName("gets nothing let go of by acknowledging what it was not sent")
  void ackBeyond() {
    Promise<Long> answer = add(1, 15);
    welcome(1);
    receive(new Ack(999_999));
    assertThat(answer.future().isComplete()).isFalse();
    assertThat(released).isEmpty();
    assertThat(distrusted)
        .singleElement()
        .asString()
        .contains("acknowledges up to 999999, and was sent up to 16");
  }

  @ParameterizedTest
  @ValueSource(longs = {22, 1_000_000, (1L << 53) - 1})
  @DisplayName("gets nothing let go of by being further than the spool has given out numbers")
  void welcomeBeyond(long next) {
    Promise<Long> answer = add(1, 20);
    welcome(next);
    assertThat(BusFailure.of(answer.future().cause())).isEqualTo(BusFailure.AHEAD);
    assertThat(released).isEmpty();
    assertThat(distrusted).singleElement().asString().contains("sent nothing from 21 on");
    assertThat(batches()).isEmpty();
  }

  @Test
  @DisplayName("that knows a key of what waits without one has it sent under new numbers")
  void keyLost() {
    Promise<Long> answer = Promise.promise();
    outbox.add(new Batch(new Origin("pi", "e", null, true), 1, END, 1, lines("{}")), answer);
    exchange.pump();
    exchange.closed((short) 4403, "the token is not for edge pi: see edges of the token");
    exchange.closed((short) 1013, CloseReason.ofKey("pi.e"));
    assertThat(answer.future().isComplete()).isFalse();
    exchange.closed((short) 4403, CloseReason.fit(CloseReason.ofKey("pi.e")));
    assertThat(BusFailure.of(answer.future().cause())).isEqualTo(BusFailure.AHEAD);
    assertThat(answer.future().cause())
        .hasMessage("the server knows a key of pi.e, and key.json and key.copy.json are not there");
  }

  @Test
  @DisplayName("that has another key is waited for: whose the epoch is, is not known here")
  void otherKey() {
    Promise<Long> answer = add(1, 3);
    exchange.pump();
    exchange.closed((short) 4403, CloseReason.ofKey("pi.e"));
    assertThat(answer.future().isComplete()).isFalse();
  }

  @Test
  @DisplayName("is not beyond what was sent when it steps over what is not in the spool any more")
  void steppedOver() {
    add(1, 5);
    welcome(1);
    receive(new Ack(6));
    Promise<Long> answer = Promise.promise(); // 6 was set aside
    outbox.add(batch(7, 7, 3), answer);
    exchange = connect();
    welcome(7);
    assertThat(distrusted).isEmpty();
    assertThat(answer.future().isComplete()).isFalse();
    assertThat(batches()).hasSize(2);
  }

  @Test
  @DisplayName("names what it has lost of what was acknowledged, and nothing else")
  void lost() {
    add(1, 5);
    welcome(1);
    receive(new Ack(6));
    outbox.add(batch(6, 6, 1), Promise.promise());
    for (long from : new long[] {3, 6, 9}) {
      exchange = connect();
      exchange.pump();
      assertThat(sent.get(sent.size() - 1)).isEqualTo(new Hello("pi", "e", 6, KEY, 6));
      receive(new Welcome(6, 8, 1000, 100_000, 0, from));
    }
    assertThat(lost).containsExactly("pi.e 3 6");
  }

  @Test
  @DisplayName("is believed about a spool that cannot be sure of its own end")
  void unproven() {
    Promise<Long> answer = Promise.promise();
    outbox.add(KeylessBatch.of("pi", "e", 1, 1, lines("{}")), answer);
    welcome(1_000);
    assertThat(distrusted).isEmpty();
    assertThat(answer.future().result()).isEqualTo(1_000);
  }

  @Test
  @DisplayName("is not asked for what the spool does not hold any more")
  void welcomeBelow() {
    outbox.add(batch(10, 10, 5), Promise.promise());
    welcome(9);
    assertThat(distrusted).hasSize(1);
  }

  @Test
  @DisplayName("has no records set aside by a limit that fits none")
  void tinyLimit() {
    Promise<Long> answer = add(1, 20);
    exchange.pump();
    exchange.text(
        "{\"type\":\"welcome\",\"next\":1,\"window\":8,\"maxRecords\":1000,\"maxBytes\":1}");
    assertThat(answer.future().isComplete()).isFalse();
    assertThat(distrusted).singleElement().asString().contains("maxBytes");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 4, 10, 20, 9_999})
  @DisplayName("rejects nothing that it was not sent on this connection")
  void rejectUnsent(long seq) {
    add(1, 9);
    welcome(5);
    receive(new Reject(seq, "why"));
    assertThat(rejected).isEmpty();
    assertThat(distrusted).singleElement().asString().contains("rejects " + seq);
  }

  @Test
  @DisplayName("rejects a record once, so that there are no more words than records")
  void rejectAgain() {
    add(1, 9);
    welcome(1);
    receive(new Reject(3, "why"));
    receive(new Reject(7, "why"));
    assertThat(distrusted).isEmpty();
    receive(new Reject(7, "why"));
    assertThat(rejected).containsExactly(3L, 7L);
    assertThat(distrusted).hasSize(1);
  }

  @Test
  @DisplayName("rejects nothing before it has said where it is")
  void rejectEarly() {
    add(1, 9);
    exchange.pump();
    receive(new Reject(3, "why"));
    assertThat(rejected).isEmpty();
    assertThat(distrusted).hasSize(1);
  }

  @Test
  @DisplayName("makes no progress by saying the same again")
  void sameAck() {
    add(1, 9);
    welcome(1);
    receive(new Ack(5));
    for (int i = 0; i < 100; i++) {
      receive(new Ack(5));
      receive(new Ack(2));
    }
    assertThat(released).containsExactly(5L);
    assertThat(distrusted).isEmpty();
  }

  @Test
  @DisplayName("has what it says of one epoch counted for no other")
  void otherEpoch() {
    add(1, 15);
    welcome(1);
    Promise<Long> other = Promise.promise();
    Origin origin = new Origin("pi", "f", KEY, false);
    outbox.add(new Batch(origin, 1, END, 1, lines("{}")), other);
    try {
      receive(new Ack(16));
    } catch (AssertionError abandoned) {
      assertThat(abandoned).hasMessageContaining("new spool");
    }
    assertThat(other.future().isComplete()).isFalse();
  }

  @Test
  @DisplayName("may say anything: nothing goes that it does not have, and every record comes once")
  void fuzz() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    WireFuzz fuzz = new WireFuzz(seed, "pi", "e");
    for (int round = 0; round < 300; round++) {
      new Session(random, fuzz, "seed " + seed).run();
    }
  }

  /** One edge of 20 records, and a server that stores what it gets and lies now and then. */
  private final class Session {
    private final Random random;
    private final WireFuzz fuzz;
    private final String seed;
    private final List<Integer> stored = new ArrayList<>();
    private Outbox box = new Outbox();
    private boolean ahead;
    private final List<String> inbox = new ArrayList<>();
    private int words;
    private boolean dropped;
    private long released = 1;

    Session(Random random, WireFuzz fuzz, String seed) {
      this.random = random;
      this.fuzz = fuzz;
      this.seed = seed;
    }

    void run() {
      for (int connection = 0; released < END; connection++) {
        assertThat(connection).as(seed).isLessThan(500);
        if (ahead) { // the spool begins anew; with the same numbers here, as only their order
          // counts
          box = new Outbox();
          ahead = false;
        }
        if (box.size() == 0) {
          Promise<Long> answer = Promise.promise();
          answer.future().onFailure(error -> ahead |= BusFailure.of(error) == BusFailure.AHEAD);
          box.add(batch(released, released, (int) (END - released)), answer);
        }
        dropped = false;
        inbox.clear();
        AcknowledgedExchange link = new AcknowledgedExchange(box, inbox::add, new Ears());
        link.pump();
        serve(link);
      }
      assertThat(stored)
          .as(seed)
          .containsExactlyElementsOf(
              LongStream.range(1, END).mapToInt(n -> (int) n).boxed().toList());
    }

    private void serve(AcknowledgedExchange link) {
      for (int turn = 0; turn < 12 && !dropped; turn++) {
        if (random.nextInt(6) == 0) {
          int before = words;
          link.text(fuzz.fromServer());
          assertThat(words - before).as(seed).isLessThanOrEqualTo(1);
        } else if (!inbox.isEmpty()) {
          answer(link, decoded(inbox.remove(0)));
        }
        // whatever was said: no more is let go of than the server has, unless it lied about less
        assertThat(released).as(seed).isLessThanOrEqualTo(END);
        if (!dropped) {
          link.pump();
        }
      }
    }

    private void answer(AcknowledgedExchange link, WireMessage message) {
      if (message instanceof Hello) {
        link.text(Wire.encode(new Welcome(stored.size() + 1L, 4, 3, 4_096)));
      } else if (message instanceof BatchMessage batch && batch.first() <= stored.size() + 1L) {
        for (String line : texts(batch.lines())) {
          int n = Integer.parseInt(line.replaceAll("\\D", ""));
          if (n == stored.size() + 1) {
            stored.add(n);
          }
        }
        link.text(Wire.encode(new Ack(stored.size() + 1L)));
      }
    }

    private final class Ears implements Exchange.Listener {
      @Override
      public void welcomed(long next) {
        acknowledged(next);
      }

      @Override
      public void acknowledged(long next) {
        // A lie within what was sent cannot be told from the truth; the model tells it for us.
        if (next - 1 > stored.size()) {
          for (int n = stored.size() + 1; n < next; n++) {
            stored.add(n);
          }
        }
        released = Math.max(released, next);
        box.acknowledge(next);
      }

      @Override
      public void rejected(long seq, String reason) {
        words++;
      }

      @Override
      public void abandon(String reason) {
        words++;
        dropped = true;
        box.failAll(BusFailure.UNAVAILABLE.because(reason));
      }
    }
  }

  // --- what the tests are made of

  private static Batch batch(long oldest, long first, int count) {
    List<String> records =
        LongStream.range(first, first + count).mapToObj(seq -> "{\"n\":" + seq + "}").toList();
    return new Batch(new Origin("pi", "e", KEY, false), oldest, END, first, lines(records));
  }

  private Promise<Long> add(long first, int count) {
    Promise<Long> answer = Promise.promise();
    outbox.add(batch(1, first, count), answer);
    return answer;
  }

  private void welcome(long next) {
    exchange.pump();
    receive(new Welcome(next, 8, 1000, 100_000));
  }

  private void receive(WireMessage message) {
    exchange.text(Wire.encode(message));
  }

  private List<WireMessage> batches() {
    return sent.stream().filter(BatchMessage.class::isInstance).toList();
  }

  private static WireMessage decoded(String text) {
    try {
      return Wire.decode(utf8(text));
    } catch (WireException e) {
      throw new AssertionError(e);
    }
  }
}
