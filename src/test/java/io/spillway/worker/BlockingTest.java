package io.spillway.worker;

import static io.spillway.kit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Blocking work")
@ExtendWith(VertxExtension.class)
class BlockingTest {
  /** Of so many with the future of Vert.x itself, some were heard in the wrong order. */
  private static final int ROUNDS = 40_000;

  @Test
  @DisplayName("is heard in the order in which it is listened to, whenever the worker is done")
  void order(Vertx vertx) {
    Promise<Integer> all = Promise.promise();
    vertx.runOnContext(on -> round(vertx, new Rounds(), all));
    assertThat(await(all.future())).isZero();
  }

  private static final class Rounds {
    int done;
    int wrong;
  }

  private static void round(Vertx vertx, Rounds rounds, Promise<Integer> all) {
    AtomicBoolean first = new AtomicBoolean();
    Blocking.run(vertx, () -> null)
        .onSuccess(done -> first.set(true))
        .onComplete(
            done -> {
              rounds.done++;
              rounds.wrong += first.get() ? 0 : 1;
              if (rounds.done == ROUNDS) {
                all.complete(rounds.wrong);
              } else {
                vertx.runOnContext(on -> round(vertx, rounds, all));
              }
            });
  }

  @Test
  @DisplayName("is heard in order also by those who listen before and after the worker is done")
  void doneBetween(Vertx vertx) {
    Promise<List<String>> heard = Promise.promise();
    vertx.runOnContext(on -> listenBeforeAndAfter(vertx, heard));
    assertThat(await(heard.future())).containsExactly("before", "after");
  }

  private static void listenBeforeAndAfter(Vertx vertx, Promise<List<String>> heard) {
    List<String> order = new ArrayList<>();
    CountDownLatch mayEnd = new CountDownLatch(1);
    CountDownLatch hasEnded = new CountDownLatch(1);
    Future<Void> work = Blocking.run(vertx, () -> pass(mayEnd));
    work.onSuccess(done -> order.add("before"));
    mayEnd.countDown();
    // Begins when the worker has completed what it was asked for before.
    Future<Void> next = Blocking.run(vertx, () -> open(hasEnded));
    try {
      pass(hasEnded); // meanwhile the loop hears nothing
    } catch (InterruptedException error) {
      heard.fail(error);
    }
    work.onSuccess(done -> order.add("after"));
    next.onSuccess(done -> heard.complete(order));
  }

  private static Void pass(CountDownLatch gate) throws InterruptedException {
    gate.await();
    return null;
  }

  private static Void open(CountDownLatch gate) {
    gate.countDown();
    return null;
  }

  @Test
  @DisplayName("fails as the work does")
  void failure(Vertx vertx) {
    Future<Object> failed =
        Blocking.runBeside(
            vertx,
            () -> {
              throw new IllegalStateException("no");
            });
    assertThat(Await.failure(failed)).hasMessage("no");
  }
}
