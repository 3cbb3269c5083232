package io.spillway.uplink;

import static io.spillway.uplink.Batches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.BusFailure;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("In plain mode the edge")
class PlainExchangeTest {
  private final Outbox outbox = new Outbox();
  private final List<String> sent = new ArrayList<>();
  private final List<Long> acknowledged = new ArrayList<>();
  private final List<String> abandoned = new ArrayList<>();
  private final PlainLimit limit = new PlainLimit();
  private PlainExchange exchange = connect();

  private PlainExchange connect() {
    return new PlainExchange(
        outbox,
        limit,
        sent::add,
        ping -> sent.add("ping " + ping),
        new Exchange.Listener() {
          @Override
          public void welcomed(long next) {
            throw new AssertionError("a plain server says no such thing");
          }

          @Override
          public void acknowledged(long next) {
            acknowledged.add(next);
            outbox.acknowledge(next);
          }

          @Override
          public void abandon(String reason) {
            abandoned.add(reason);
          }
        },
        batch -> null);
  }

  @Test
  @DisplayName("sends each batch as a JSON array and a ping that names it")
  void arrays() {
    add(1, 2);
    add(3, 1);
    exchange.pump();
    exchange.pump();
    assertThat(sent).containsExactly("[{\"n\":1},{\"n\":2}]", "ping 3", "[{\"n\":3}]", "ping 4");
    assertThat(exchange.unacknowledged()).isEqualTo(2);
  }

  @Test
  @DisplayName("lets go of all that a pong has passed, and of nothing at another one")
  void pongs() {
    Promise<Long> first = add(1, 2);
    Promise<Long> second = add(3, 2);
    Promise<Long> third = add(5, 2);
    exchange.pump();
    exchange.pong(Buffer.buffer());
    exchange.pong(Buffer.buffer("keepalive"));
    exchange.pong(Buffer.buffer("4"));
    exchange.pong(Buffer.buffer("99"));
    assertThat(acknowledged).isEmpty();
    exchange.pong(Buffer.buffer("5")); // RFC 6455: only the latest of several need be answered
    assertThat(first.future().result()).isEqualTo(5);
    assertThat(second.future().result()).isEqualTo(5);
    assertThat(third.future().isComplete()).isFalse();
    exchange.pong(Buffer.buffer("5"));
    assertThat(acknowledged).containsExactly(5L);
    assertThat(exchange.unacknowledged()).isEqualTo(1);
  }

  @Test
  @DisplayName("has no more than eight batches under way")
  void window() {
    for (int i = 0; i < 12; i++) {
      add(1 + i, 1);
    }
    exchange.pump();
    assertThat(exchange.unacknowledged()).isEqualTo(8);
    exchange.pong(Buffer.buffer("3"));
    exchange.pump();
    assertThat(exchange.unacknowledged()).isEqualTo(8);
    assertThat(sent).hasSize(20);
  }

  @Test
  @DisplayName("sends of a batch that comes again in another shape only what is new")
  void overlap() {
    add(1, 3);
    exchange.pump();
    add(1, 5);
    exchange.pump();
    assertThat(new JsonArray(sent.get(2)).size()).isEqualTo(2);
    assertThat(sent.get(2)).startsWith("[{\"n\":4}");
  }

  @Test
  @DisplayName("gives the connection up when the spool is another one, whose numbers begin anew")
  void newEpoch() {
    add(1, 2);
    exchange.pump();
    sent.clear();
    Promise<Long> fresh = Promise.promise();
    outbox.add(batch("f", 1, 1, 4), fresh);
    exchange.pump();
    assertThat(sent).isEmpty();
    exchange.pong(Buffer.buffer("3"));
    assertThat(acknowledged).isEmpty();
    assertThat(abandoned).isNotEmpty().allMatch(why -> why.contains("new spool"));
    abandoned.clear();

    exchange = connect();
    exchange.pump();
    assertThat(sent).containsExactly("[{\"n\":1},{\"n\":2},{\"n\":3},{\"n\":4}]", "ping 5");
    exchange.pong(Buffer.buffer("5"));
    assertThat(fresh.future().result()).isEqualTo(5);
  }

  @Test
  @DisplayName("sends another spool's first batch, although it was far on with the one before")
  void newEpochBeforeAnythingIsSent() {
    add(1, 900);
    outbox.acknowledge(901);
    exchange = connect();
    outbox.add(batch("f", 1, 1, 1), Promise.promise());
    exchange.pump();
    assertThat(abandoned).isNotEmpty();
    exchange = connect();
    exchange.pump();
    assertThat(sent).containsExactly("[{\"n\":1}]", "ping 2");
  }

  @Test
  @DisplayName("does not mind what the server says")
  void text() {
    exchange.text("{\"type\":\"ack\",\"next\":7}");
    exchange.text("hello");
    assertThat(acknowledged).isEmpty();
    assertThat(abandoned).isEmpty();
  }

  @Test
  @DisplayName("sends no empty array for the batch that only announces the edge")
  void announcement() {
    add(1, 0);
    exchange.pump();
    assertThat(sent).containsExactly("ping 1");
  }

  @Test
  @DisplayName(
      "halves its messages when the server closes with 1009, and goes on with what is left")
  void halves() {
    add(1, 8);
    exchange.pump();
    assertThat(sent.get(0)).hasSize(65);
    closedTooBig();
    assertThat(sent).containsExactly("[{\"n\":1},{\"n\":2},{\"n\":3}]", "ping 4");
    exchange.pong(Buffer.buffer("4"));
    exchange.pump();
    assertThat(sent).contains("[{\"n\":4},{\"n\":5},{\"n\":6}]", "[{\"n\":7},{\"n\":8}]");
  }

  @Test
  @DisplayName("tries a long record anew behind a connection that ended otherwise")
  void otherServer() {
    limit.tooBig(7, 50, 1, true);
    limit.tooBig(7, 50, 1, true);
    assertThat(limit.isRefused(50)).isTrue();
    exchange.closed((short) 1001, null);
    assertThat(limit.isRefused(50)).isFalse();
  }

  @Test
  @DisplayName("gives a record back when the server has closed at it twice, and not for another's")
  void accused() {
    Promise<Long> first = add(1, 1);
    Promise<Long> second = add(2, 1);
    limit.tooBig(99, 500, 2, false); // one by one from now on
    exchange.pump();
    exchange.pong(Buffer.buffer("2")); // the server answers, and then closes at just that one
    exchange.pump();
    assertThat(first.future().result()).isEqualTo(2);
    closedTooBig();
    assertThat(second.future().isComplete()).isFalse();
    assertThat(sent).containsExactly("[{\"n\":2}]", "ping 3");

    closedTooBig();
    assertThat(BusFailure.of(second.future().cause())).isEqualTo(BusFailure.TOO_LARGE);
    assertThat(sent).isEmpty();
  }

  private void closedTooBig() {
    exchange.closed((short) 1009, null);
    sent.clear();
    exchange = connect();
    exchange.pump();
  }

  private Promise<Long> add(long first, int count) {
    Promise<Long> answer = Promise.promise();
    outbox.add(batch(1, first, count), answer);
    return answer;
  }
}
