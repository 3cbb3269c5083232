package io.spillway.bus;

import static io.spillway.message.Texts.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.message.Lines;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.junit5.Checkpoint;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("A channel")
@ExtendWith(VertxExtension.class)
class ChannelTest {
  private static final Batch BATCH = KeylessBatch.of("pi", "3f9a1c2e", 1, 1, lines("{}"));

  private static final Channel<Batch, Forwarded> UPLINK = Channels.batchForward("pi");

  @BeforeEach
  void register(Vertx vertx) {
    Channels.register(vertx);
  }

  @Test
  @DisplayName("answers a request only when the work is done, with its outcome")
  void done(Vertx vertx, VertxTestContext test) {
    Promise<Forwarded> work = Promise.promise();
    UPLINK.answer(
        vertx,
        batch -> {
          test.verify(() -> assertThat(batch).isSameAs(BATCH)); // in one JVM: by reference
          vertx.runOnContext(later -> work.complete(batch.forwarded(2, true, 2)));
          return work.future();
        });
    UPLINK
        .request(vertx, BATCH)
        .onComplete(
            test.succeeding(
                answer -> {
                  test.verify(
                      () -> {
                        assertThat(work.future().isComplete()).isTrue();
                        assertThat(answer).isEqualTo(BATCH.forwarded(2, true, 2));
                      });
                  test.completeNow();
                }));
  }

  @Test
  @DisplayName("tells each kind of failure, with its reason")
  void failures(Vertx vertx, VertxTestContext test) {
    Checkpoint all = test.checkpoint(BusFailure.values().length);
    UPLINK.answer(
        vertx,
        batch ->
            Future.failedFuture(BusFailure.valueOf(batch.epoch()).because("why " + batch.epoch())));
    for (BusFailure kind : BusFailure.values()) {
      Batch batch = KeylessBatch.of("pi", kind.name(), 0, 1, Lines.NONE);
      UPLINK
          .request(vertx, batch)
          .onComplete(
              test.failing(
                  error -> {
                    test.verify(
                        () -> {
                          assertThat(error)
                              .isInstanceOf(ReplyException.class)
                              .hasMessage("why " + kind.name());
                          assertThat(BusFailure.of(error)).isEqualTo(kind);
                        });
                    all.flag();
                  }));
    }
  }

  @Test
  @DisplayName("takes a fault, thrown or failed, for unavailable")
  void faults(Vertx vertx, VertxTestContext test) {
    Checkpoint both = test.checkpoint(2);
    UPLINK.answer(
        vertx,
        batch -> {
          if (batch.first() == 1) {
            throw new IllegalStateException("thrown");
          }
          return Future.failedFuture(new java.io.IOException());
        });
    for (long first = 1; first <= 2; first++) {
      UPLINK
          .request(vertx, KeylessBatch.of("pi", "e", 0, first, Lines.NONE))
          .onComplete(
              test.failing(
                  error -> {
                    test.verify(
                        () -> assertThat(BusFailure.of(error)).isEqualTo(BusFailure.UNAVAILABLE));
                    both.flag();
                  }));
    }
  }

  @Test
  @DisplayName("is unavailable while nobody answers")
  void nobody(Vertx vertx, VertxTestContext test) {
    UPLINK
        .request(vertx, BATCH)
        .onComplete(
            test.failing(
                error -> {
                  test.verify(
                      () -> assertThat(BusFailure.of(error)).isEqualTo(BusFailure.UNAVAILABLE));
                  test.completeNow();
                }));
  }

  @Test
  @DisplayName("has one that answers alone, and a second one hears which process has it")
  void alone(Vertx vertx, VertxTestContext test) {
    String here =
        "batch.forward.pi is answered already by process " + ProcessHandle.current().pid();
    UPLINK
        .answerAlone(vertx, batch -> Future.succeededFuture(batch.forwarded(2, true, 2)))
        .compose(first -> UPLINK.answerAlone(vertx, batch -> Future.failedFuture("another")))
        .onComplete(
            test.failing(
                taken -> {
                  test.verify(
                      () ->
                          assertThat(taken)
                              .isInstanceOf(AddressTakenException.class)
                              .hasMessageStartingWith(here));
                  UPLINK
                      .request(vertx, BATCH)
                      .compose(answer -> UPLINK.request(vertx, BATCH)) // in turn, were there two
                      .compose(answer -> another(vertx))
                      .onComplete(test.succeedingThenComplete());
                }));
  }

  /** Another edge's address is another one. */
  private static Future<?> another(Vertx vertx) {
    return Channels.batchForward("attic").answerAlone(vertx, batch -> Future.failedFuture("no"));
  }

  @Test
  @DisplayName("has one of two that begin to answer alone at the same moment")
  void sameMoment(Vertx vertx, VertxTestContext test) {
    List<Future<?>> both = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      both.add(UPLINK.answerAlone(vertx, batch -> Future.failedFuture("no")));
    }
    Future.join(both)
        .onComplete(
            test.failing(
                one -> {
                  test.verify(
                      () -> assertThat(both).extracting(Future::succeeded).containsOnlyOnce(true));
                  test.completeNow();
                }));
  }

  @Test
  @DisplayName("carries what the store is asked, and its answer")
  void store(Vertx vertx, VertxTestContext test) {
    Channels.BATCH_STORE.answer(
        vertx,
        request ->
            Future.succeededFuture(new Stored(((StoreRequest.Begin) request).first() + 1, 9)));
    Channels.BATCH_STORE
        .request(vertx, new StoreRequest.Begin("pi", "e", 4))
        .onComplete(
            test.succeeding(
                stored -> {
                  test.verify(() -> assertThat(stored).isEqualTo(new Stored(5, 9)));
                  test.completeNow();
                }));
  }

  @Test
  @DisplayName("reaches everybody who listens when something is published")
  void publish(Vertx vertx, VertxTestContext test) {
    Checkpoint both = test.checkpoint(2);
    RoleState state = new RoleState("uplink", "pi", Fault.NONE, 0, 0, Map.of("acks", 1L));
    for (int listener = 0; listener < 2; listener++) {
      Channels.ROLE_STATE.listen(
          vertx,
          heard -> {
            test.verify(() -> assertThat(heard).isEqualTo(state));
            both.flag();
          });
    }
    Channels.ROLE_STATE.publish(vertx, state);
  }

  @Test
  @DisplayName("has a heartbeat that beats at once, and no more once stopped")
  void heartbeat(Vertx vertx, VertxTestContext test) {
    Heartbeat[] heartbeat = new Heartbeat[1];
    Checkpoint once = test.checkpoint();
    vertx.runOnContext(
        start -> {
          Channels.ROLE_STATE.listen(
              vertx,
              heard -> {
                heartbeat[0].stop();
                once.flag();
              });
          heartbeat[0] =
              new Heartbeat(vertx, () -> new RoleState("r", "i", Fault.NONE, 0, 0, Map.of()));
        });
  }
}
