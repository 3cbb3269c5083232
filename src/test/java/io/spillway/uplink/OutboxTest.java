package io.spillway.uplink;

import static io.spillway.message.Texts.lines;
import static io.spillway.uplink.Batches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Batch;
import io.spillway.bus.BusFailure;
import io.spillway.bus.KeylessBatch;
import io.spillway.bus.Origin;
import io.spillway.message.Lines;
import io.spillway.wire.WireMessage.Hello;
import io.vertx.core.Promise;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The outbox")
class OutboxTest {
  private static final Origin PI = new Origin("pi", "e", "0".repeat(32), true);

  private final Outbox outbox = new Outbox();

  @Test
  @DisplayName("answers each batch when the server has all of it, and no sooner")
  void acknowledges() {
    Promise<Long> first = add(1, 10, 1);
    Promise<Long> second = add(11, 10, 1);
    outbox.acknowledge(10);
    assertThat(first.future().isComplete()).isFalse();
    outbox.acknowledge(15);
    assertThat(first.future().result()).isEqualTo(15);
    assertThat(second.future().isComplete()).isFalse();
    outbox.acknowledge(21);
    assertThat(second.future().result()).isEqualTo(21);
    assertThat(outbox.size()).isZero();
  }

  @Test
  @DisplayName("presents the edge by its last batch, holding what its oldest batch says")
  void hello() {
    assertThat(outbox.hello()).isNull();
    add(40, 10, 33);
    add(50, 10, 35);
    assertThat(outbox.hello()).isEqualTo(new Hello("pi", "e", 33));
    outbox.acknowledge(50);
    assertThat(outbox.hello()).isEqualTo(new Hello("pi", "e", 35));
    outbox.acknowledge(60);
    assertThat(outbox.hello()).isEqualTo(new Hello("pi", "e", 60));
  }

  @Test
  @DisplayName("says what a server has said itself, and not what one has only read")
  void assured() {
    add(1, 10, 1);
    outbox.assured(7);
    outbox.acknowledge(11); // as the pong of a plain server does
    assertThat(outbox.hello()).isEqualTo(new Hello("pi", "e", 11, null, 7));
    assertThat(outbox.isAssured(7)).isTrue();
    assertThat(outbox.isAssured(11)).isFalse();
    outbox.add(KeylessBatch.of("pi", "other", 1, 1, lines("{}")), Promise.promise());
    assertThat(outbox.hello()).isEqualTo(new Hello("pi", "other", 1));
  }

  @Test
  @DisplayName("finds the first batch that reaches beyond a number")
  void beyond() {
    add(11, 10, 1);
    add(1, 10, 1);
    assertThat(outbox.beyond(0).first()).isEqualTo(1);
    assertThat(outbox.beyond(10).first()).isEqualTo(1);
    assertThat(outbox.beyond(11).first()).isEqualTo(11);
    assertThat(outbox.beyond(21)).isNull();
  }

  @Test
  @DisplayName("answers at once what the server has already: its answer may have been lost")
  void answeredBefore() {
    add(1, 10, 1);
    outbox.acknowledge(11);
    Promise<Long> again = add(1, 10, 1);
    assertThat(again.future().result()).isEqualTo(11);
    assertThat(outbox.size()).isZero();
    assertThat(add(6, 10, 6).future().isComplete()).isFalse();
  }

  @Test
  @DisplayName("takes what the server has of one epoch for nothing in another")
  void otherEpoch() {
    Promise<Long> old = Promise.promise();
    outbox.add(batch("e", 1, 1, 10), old);
    outbox.acknowledge(5);
    Promise<Long> fresh = Promise.promise();
    outbox.add(batch("f", 1, 1, 3), fresh);
    assertThat(BusFailure.of(old.future().cause())).isEqualTo(BusFailure.UNAVAILABLE);
    assertThat(fresh.future().isComplete()).isFalse();
  }

  @Test
  @DisplayName("gives an older request for the same place back")
  void replaced() {
    Promise<Long> older = add(1, 10, 1);
    Promise<Long> newer = add(1, 20, 1);
    assertThat(BusFailure.of(older.future().cause())).isEqualTo(BusFailure.UNAVAILABLE);
    outbox.acknowledge(21);
    assertThat(newer.future().result()).isEqualTo(21);
  }

  @Test
  @DisplayName("keeps an announcement for the welcome, though records begin at the same place")
  void announcement() {
    Promise<Long> announced = add(1, 0, 1);
    Promise<Long> records = add(1, 10, 1);
    outbox.announced();
    assertThat(announced.future().result()).isZero();
    assertThat(records.future().isComplete()).isFalse();
  }

  @Test
  @DisplayName("takes nothing of a spool that has given out less than the server has of its epoch")
  void cut() {
    add(new Batch(PI, 1, 101, 1, lines("{}")));
    outbox.acknowledge(101);
    Promise<Long> cut = add(new Batch(PI, 51, 61, 51, lines("{}")));
    assertThat(BusFailure.of(cut.future().cause())).isEqualTo(BusFailure.AHEAD);
    assertThat(cut.future().cause())
        .hasMessageContaining("at 101 of pi.e, and this spool has sent nothing from 61 on");
  }

  @Test
  @DisplayName("goes on with a spool that was opened again and knows less of what is acknowledged")
  void openedAgain() {
    add(new Batch(PI, 1, 101, 1, lines("{}")));
    outbox.acknowledge(101);
    Promise<Long> known = add(new Batch(PI, 51, 101, 51, Lines.NONE));
    assertThat(known.future().result()).isEqualTo(101);
    assertThat(add(new Batch(PI, 101, 102, 101, lines("{}"))).future().isComplete()).isFalse();
  }

  @Test
  @DisplayName("gives all batches back, each with the reason")
  void failAll() {
    Promise<Long> first = add(1, 10, 1);
    Promise<Long> second = add(11, 10, 1);
    outbox.failAll(BusFailure.GAP.because("why"));
    assertThat(BusFailure.of(first.future().cause())).isEqualTo(BusFailure.GAP);
    assertThat(second.future().cause()).hasMessage("why");
    assertThat(outbox.size()).isZero();
  }

  @Test
  @DisplayName("counts records that wait, and those of parts of a batch as they are acknowledged")
  void progress() {
    add(1, 10, 1);
    add(11, 10, 1);
    outbox.acknowledge(1);
    assertThat(outbox.records()).isEqualTo(20);
    assertThat(outbox.done()).isZero();
    outbox.acknowledge(15);
    assertThat(outbox.records()).isEqualTo(10);
    assertThat(outbox.done()).isEqualTo(14);
    outbox.acknowledge(15);
    outbox.acknowledge(21);
    outbox.acknowledge(21);
    assertThat(outbox.records()).isZero();
    assertThat(outbox.done()).isEqualTo(20);
  }

  private Promise<Long> add(long first, int count, long oldest) {
    return add(batch(oldest, first, count));
  }

  private Promise<Long> add(Batch batch) {
    Promise<Long> answer = Promise.promise();
    outbox.add(batch, answer);
    return answer;
  }

  @Test
  @DisplayName("knows what was acknowledged of a batch in part, also where the server is put back")
  void acknowledgedInPart() {
    add(batch(1, 1, 100));
    add(batch(1, 101, 100));
    Promise<Long> fresh = add(batch(151, 151, 100));
    outbox.assured(201);
    outbox.acknowledge(201);
    assertThat(fresh.future().isComplete()).isFalse();
    outbox.acknowledge(50);
    outbox.stopAt(50);
    assertThat(fresh.future().result()).isEqualTo(50);
    assertThat(outbox.assured()).isEqualTo(201);
  }

  @Test
  @DisplayName(
      "keeps nothing of a row of batches that was begun anew, nor what is not held any more")
  void begunAnew() {
    List<Promise<Long>> old =
        List.of(add(batch(1, 1, 5)), add(batch(1, 6, 5)), add(batch(1, 11, 5)));
    add(batch(8, 8, 5));
    assertThat(old).allMatch(each -> each.future().failed());
    assertThat(outbox.size()).isOne();
    add(batch(8, 13, 5));
    assertThat(outbox.size()).isEqualTo(2);
  }
}
