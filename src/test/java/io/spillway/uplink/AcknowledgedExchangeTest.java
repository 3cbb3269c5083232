package io.spillway.uplink;

import static io.spillway.message.Texts.lines;
import static io.spillway.message.Texts.texts;
import static io.spillway.message.Texts.utf8;
import static io.spillway.uplink.Batches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Batch;
import io.spillway.bus.BusFailure;
import io.spillway.bus.KeylessBatch;
import io.spillway.bus.Origin;
import io.spillway.wire.OldTexts;
import io.spillway.wire.Wire;
import io.spillway.wire.WireException;
import io.spillway.wire.WireMessage;
import io.spillway.wire.WireMessage.Ack;
import io.spillway.wire.WireMessage.BatchMessage;
import io.spillway.wire.WireMessage.Hello;
import io.spillway.wire.WireMessage.Reject;
import io.spillway.wire.WireMessage.Skip;
import io.spillway.wire.WireMessage.Welcome;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("In acknowledged mode the edge")
class AcknowledgedExchangeTest {
  private final Outbox outbox = new Outbox();
  private final List<WireMessage> sent = new ArrayList<>();
  private final List<Long> acknowledged = new ArrayList<>();
  private final List<String> abandoned = new ArrayList<>();
  private final List<Integer> statusWanted = new ArrayList<>();
  private final Exchange.Listener listener =
      new Exchange.Listener() {
        @Override
        public void welcomed(long next) {
          outbox.acknowledge(next);
          exchange().pump();
        }

        @Override
        public void acknowledged(long next) {
          acknowledged.add(next);
          outbox.acknowledge(next);
          exchange().pump();
        }

        @Override
        public void statusWanted(int everyMs, int bytesMax) {
          statusWanted.add(everyMs);
        }

        @Override
        public void abandon(String reason) {
          abandoned.add(reason);
        }
      };
  private final AcknowledgedExchange exchange =
      new AcknowledgedExchange(outbox, text -> sent.add(decoded(text)), listener);

  @Test
  @DisplayName("says hello first, with the lowest number it holds, and nothing before the welcome")
  void hello() {
    exchange.pump();
    assertThat(sent).isEmpty();
    add(batch(40, 42, 5));
    exchange.pump();
    exchange.pump();
    assertThat(sent).containsExactly(new Hello("pi", "e", 40));
    assertThat(exchange.unacknowledged()).isEqualTo(1);
  }

  @Test
  @DisplayName("begins where the server is, in the middle of a batch if need be")
  void welcome() {
    Promise<Long> whole = add(batch(1, 1, 5));
    add(batch(1, 6, 5));
    welcome(8, 8, 1000, 100_000);
    assertThat(acknowledged).isEmpty(); // that proves nothing yet
    assertThat(whole.future().result()).isEqualTo(8);
    assertThat(batches()).containsExactly("8: 8 9 10");
  }

  @Test
  @DisplayName("hears from the welcome how often the server likes a status, or that it wants none")
  void status() {
    add(batch(1, 1, 5));
    welcome(1, 8, 1000, 100_000);
    assertThat(statusWanted).isEmpty();
    AcknowledgedExchange another = new AcknowledgedExchange(outbox, text -> {}, listener);
    another.pump();
    another.text(Wire.encode(new Welcome(1, 8, 1000, 100_000, 2_000)));
    assertThat(statusWanted).containsExactly(2_000);
  }

  @Test
  @DisplayName("sends as many messages without an answer as the window allows")
  void window() {
    for (int i = 0; i < 5; i++) {
      add(batch(1, 1 + 10 * i, 10));
    }
    welcome(1, 2, 1000, 100_000);
    assertThat(batches()).hasSize(2);
    assertThat(exchange.unacknowledged()).isEqualTo(2);
    receive(new Ack(11));
    assertThat(batches()).hasSize(3);
    receive(new Ack(31)); // cumulative
    assertThat(batches()).hasSize(5);
    receive(new Ack(51));
    assertThat(exchange.unacknowledged()).isZero();
    assertThat(acknowledged).containsExactly(11L, 31L, 51L);
  }

  @Test
  @DisplayName("splits a batch by the server's limit of records")
  void splitByRecords() {
    add(batch(1, 1, 7));
    welcome(1, 8, 3, 100_000);
    assertThat(batches()).containsExactly("1: 1 2 3", "4: 4 5 6", "7: 7");
  }

  @Test
  @DisplayName("splits a batch by the server's limit of bytes, header included")
  void splitByBytes() {
    String record = "{\"f\":\"" + "x".repeat(300) + "\"}";
    add(KeylessBatch.of("pi", "e", 1, 1, lines(record, record, record, record, record)));
    List<Integer> sizes = new ArrayList<>();
    welcome(1, 8, 1000, 1_024);
    for (WireMessage message : sent) {
      if (message instanceof BatchMessage part) {
        sizes.add(Wire.encode(part).length());
      }
    }
    assertThat(sizes).hasSize(3).allMatch(size -> size <= 1_024);
  }

  @Test
  @DisplayName("gives a record back that the server's limit never lets through")
  void tooLarge() {
    Promise<Long> answer =
        add(KeylessBatch.of("pi", "e", 1, 1, lines("{\"f\":\"" + "x".repeat(900) + "\"}")));
    welcome(1, 8, 1000, 1_024);
    assertThat(BusFailure.of(answer.future().cause())).isEqualTo(BusFailure.TOO_LARGE);
    assertThat(answer.future().cause())
        .hasMessageContaining(
            "record 1 has 909 bytes, and a message to this server, of at most 1,024, has room for"
                + " 896");
  }

  @Test
  @DisplayName("sends what lies before such a record, and gives the rest back from there")
  void tooLargeWithin() {
    String huge = "{\"f\":\"" + "x".repeat(900) + "\"}";
    Promise<Long> answer =
        add(KeylessBatch.of("pi", "e", 1, 1, lines("{\"n\":1}", "{\"n\":2}", huge, "{\"n\":4}")));
    Promise<Long> behind = add(batch(1, 5, 3));
    welcome(1, 8, 1000, 1_024);
    assertThat(batches()).containsExactly("1: 1 2");
    assertThat(answer.future().isComplete()).isFalse();
    receive(new Ack(3));
    assertThat(answer.future().result()).isEqualTo(3);
    assertThat(behind.future().result()).isEqualTo(3);
    Promise<Long> again = add(KeylessBatch.of("pi", "e", 3, 3, lines(huge, "{\"n\":4}")));
    exchange.pump();
    assertThat(BusFailure.of(again.future().cause())).isEqualTo(BusFailure.TOO_LARGE);
  }

  @Test
  @DisplayName("asks the batcher for what the server wants and it does not have here")
  void gap() {
    Promise<Long> answer = add(batch(1, 50, 5));
    welcome(20, 8, 1000, 100_000);
    assertThat(BusFailure.of(answer.future().cause())).isEqualTo(BusFailure.GAP);
    assertThat(abandoned).isEmpty();
    add(batch(1, 20, 5));
    exchange.pump();
    assertThat(batches()).containsExactly("20: 20 21 22 23 24");
  }

  @Test
  @DisplayName("waits while what is missing may still come behind what is in flight")
  void hole() {
    add(batch(1, 1, 5));
    welcome(1, 8, 1000, 100_000);
    Promise<Long> beyond = add(batch(1, 11, 5));
    exchange.pump();
    assertThat(beyond.future().isComplete()).isFalse();
    add(batch(1, 6, 5));
    exchange.pump();
    assertThat(batches()).hasSize(3).last().asString().startsWith("11:");
  }

  @Test
  @DisplayName("hears what the server has of what was dropped under way, then steps over the rest")
  void droppedUnderWay() {
    Origin pi = new Origin("pi", "e", null, false);
    Promise<Long> answer =
        add(new Batch(pi, 30, 5, Long.MAX_VALUE, 5, 1, 30, batch(30, 30, 5).lines()));
    welcome(11, 8, 1000, 100_000);
    assertThat(sent).containsExactly(new Hello("pi", "e", 5, null, 5));
    assertThat(answer.future().result()).isEqualTo(11);
    assertThat(abandoned).isEmpty();
    add(batch(30, 30, 5));
    exchange.pump();
    assertThat(abandoned)
        .containsExactly("the spool begins at 30, the server is at 11: hello again");
    assertThat(outbox.hello().first()).isEqualTo(30);
  }

  @Test
  @DisplayName("goes on at once where the server has all of that")
  void droppedAndStored() {
    Origin pi = new Origin("pi", "e", null, false);
    add(new Batch(pi, 30, 5, Long.MAX_VALUE, 5, 1, 30, batch(30, 30, 5).lines()));
    welcome(32, 8, 1000, 100_000);
    assertThat(batches()).containsExactly("32: 32 33 34");
  }

  @Test
  @DisplayName("says hello again when its spool begins above where the server is")
  void spoolAbove() {
    add(batch(1, 1, 5));
    welcome(1, 8, 1000, 100_000);
    receive(new Ack(6));
    add(batch(30, 30, 5));
    exchange.pump();
    assertThat(abandoned).singleElement().asString().contains("hello again");
  }

  @Test
  @DisplayName("says hello again when the spool is another one, whose numbers are lower")
  void newEpoch() {
    add(batch(1, 1, 5));
    welcome(1, 8, 1000, 100_000);
    receive(new Ack(6));
    add(batch("f", 1, 1, 2));
    exchange.pump();
    assertThat(abandoned).singleElement().asString().contains("new spool");
    assertThat(batches()).hasSize(1);
  }

  @Test
  @DisplayName("says hello again for another epoch, however low its numbers are")
  void lowerNumbers() {
    add(batch(700, 700, 101));
    welcome(700, 8, 1000, 100_000);
    receive(new Ack(801));
    add(batch("f", 1, 1, 1));
    exchange.pump();
    assertThat(abandoned).singleElement().asString().contains("hello again");
    assertThat(outbox.hello()).isEqualTo(new Hello("pi", "f", 1));
  }

  @Test
  @DisplayName("steps over what was dropped, and sends what is behind it in the same breath")
  void skips() {
    add(batch(1, 1, 5));
    exchange.pump();
    receive(new Welcome(1, 8, 1000, 100_000, 0, 0, true));
    receive(new Ack(6));
    Promise<Long> behind = add(batch(40, 40, 3));
    exchange.pump();
    assertThat(sent).contains(new Skip(6, 34));
    assertThat(batches()).containsExactly("1: 1 2 3 4 5", "40: 40 41 42");
    receive(new Ack(40));
    assertThat(behind.future().isComplete()).isFalse();
    receive(new Ack(43));
    assertThat(behind.future().result()).isEqualTo(43);
    assertThat(abandoned).isEmpty();
  }

  @Test
  @DisplayName("says hello again for what was dropped to a server that knows no skip")
  void skipsNothing() {
    add(batch(1, 1, 5));
    welcome(1, 8, 1000, 100_000);
    receive(new Ack(6));
    add(batch(40, 40, 3));
    exchange.pump();
    assertThat(sent).noneMatch(Skip.class::isInstance);
    assertThat(batches()).containsExactly("1: 1 2 3 4 5");
  }

  @Test
  @DisplayName("takes an acknowledgement of another spool for none")
  void lateAcknowledgement() {
    add(batch(1, 1, 5));
    welcome(1, 8, 1000, 100_000);
    Promise<Long> fresh = add(batch("f", 1, 1, 2));
    receive(new Ack(6));
    assertThat(fresh.future().isComplete()).isFalse();
    assertThat(acknowledged).isEmpty();
    assertThat(abandoned).isNotEmpty();
  }

  @Test
  @DisplayName("takes a welcome to another spool for none")
  void lateWelcome() {
    add(batch(1, 1, 5));
    exchange.pump();
    Promise<Long> fresh = add(batch("f", 1, 1, 2));
    receive(new Welcome(6, 8, 1000, 100_000));
    assertThat(fresh.future().isComplete()).isFalse();
    assertThat(batches()).isEmpty();
  }

  @Test
  @DisplayName("takes a reject for information: the acknowledgement comes as always")
  void reject() {
    add(batch(1, 1, 5));
    welcome(1, 8, 1000, 100_000);
    receive(new Reject(3, "not JSON"));
    assertThat(abandoned).isEmpty();
    receive(new Ack(6));
    assertThat(acknowledged).containsExactly(6L);
  }

  @Test
  @DisplayName("gets on with a server of version 0.1, by what that says")
  void oldServer() {
    add(batch(1, 1, 3));
    exchange.pump();
    OldTexts.ofServer().forEach(exchange::text);
    assertThat(abandoned).isEmpty();
    assertThat(statusWanted).containsExactly(2_000);
    assertThat(batches()).containsExactly("1: 1 2 3");
    assertThat(acknowledged).containsExactly(4L);
  }

  @Test
  @DisplayName("gives the connection up when the server says what makes no sense")
  void nonsense() {
    add(batch(1, 1, 5));
    exchange.pump();
    for (String text :
        List.of(
            "hello",
            "{\"type\":\"ack\",\"next\":7}", // before the welcome
            Wire.encode(new Hello("pi", "e", 1)),
            "{\"type\":\"welcome\",\"next\":1,\"window\":0,\"maxRecords\":1,\"maxBytes\":1}")) {
      exchange.text(text);
    }
    assertThat(abandoned).hasSize(4);
    assertThat(acknowledged).isEmpty();
    assertThat(batches()).isEmpty();
  }

  private AcknowledgedExchange exchange() {
    return exchange;
  }

  private Promise<Long> add(Batch batch) {
    Promise<Long> answer = Promise.promise();
    outbox.add(batch, answer);
    return answer;
  }

  private void welcome(long next, int window, int maxRecords, int maxBytes) {
    exchange.pump();
    receive(new Welcome(next, window, maxRecords, maxBytes));
  }

  private void receive(WireMessage message) {
    exchange.text(Wire.encode(message));
  }

  /** Each batch that was sent, as {@code first: numbers}. */
  private List<String> batches() {
    List<String> batches = new ArrayList<>();
    for (WireMessage message : sent) {
      if (message instanceof BatchMessage batch) {
        StringBuilder text = new StringBuilder().append(batch.first()).append(':');
        texts(batch.lines())
            .forEach(line -> text.append(line.replaceAll("\\D+", " ").stripTrailing()));
        batches.add(text.toString());
      }
    }
    return batches;
  }

  private static WireMessage decoded(String text) {
    try {
      return Wire.decode(utf8(text));
    } catch (WireException e) {
      throw new AssertionError(e);
    }
  }
}
