package io.spillway.store;

import static io.spillway.kit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("A group commit")
@ExtendWith(VertxExtension.class)
class GroupCommitTest {
  private static final int REQUESTS = 100_000;

  private final Deque<Promise<Void>> begun = new ArrayDeque<>();
  private final GroupCommit commits =
      new GroupCommit(
          () -> {
            begun.add(Promise.promise());
            return begun.getLast().future();
          });

  @Test
  @DisplayName("begins at once where none is under way")
  void first() {
    Future<Void> asked = commits.join();
    assertThat(begun).hasSize(1);
    assertThat(asked.isComplete()).isFalse();
    begun.remove().complete();
    assertThat(asked.succeeded()).isTrue();
    assertThat(commits.isUnderWay()).isFalse();
  }

  @Test
  @DisplayName("is one for all that come while another is under way, and begins after it")
  void shared() {
    Future<Void> first = commits.join();
    Future<Void> second = commits.join();
    Future<Void> third = commits.join();
    assertThat(begun).hasSize(1);
    begun.remove().complete();
    assertThat(first.succeeded()).isTrue();
    assertThat(begun).hasSize(1);
    assertThat(second.isComplete() || third.isComplete()).isFalse();
    begun.remove().complete();
    assertThat(second.succeeded() && third.succeeded()).isTrue();
    assertThat(begun).isEmpty();
  }

  @Test
  @DisplayName("fails for those it was for, and for nobody else")
  void failure() {
    Future<Void> first = commits.join();
    Future<Void> second = commits.join();
    begun.remove().fail("no room");
    begun.remove().complete();
    assertThat(first.failed()).isTrue();
    assertThat(second.succeeded()).isTrue();
    assertThat(commits.join().isComplete()).isFalse();
  }

  @Test
  @DisplayName("fails where it cannot even begin, and the next begins")
  void throwing() {
    Deque<RuntimeException> thrown = new ArrayDeque<>();
    thrown.add(new IllegalStateException("no"));
    GroupCommit failing =
        new GroupCommit(
            () -> {
              if (!thrown.isEmpty()) {
                throw thrown.remove();
              }
              return Future.succeededFuture();
            });
    assertThat(failing.join().cause()).hasMessage("no");
    assertThat(failing.join().succeeded()).isTrue();
  }

  @Test
  @DisplayName("asked for when one is settled is another one")
  void again() {
    Deque<Future<Void>> asked = new ArrayDeque<>();
    commits.join().onSuccess(done -> asked.add(commits.join()));
    begun.remove().complete();
    assertThat(asked).singleElement().matches(next -> !next.isComplete());
    assertThat(begun).hasSize(1);
  }

  @Test
  @DisplayName("is waited for with all that wait for it")
  void settled() {
    assertThat(commits.settled().isComplete()).isTrue();
    commits.join();
    commits.join();
    Future<?> settled = commits.settled();
    begun.remove().complete();
    assertThat(settled.isComplete()).isFalse();
    begun.remove().fail("no room");
    assertThat(settled.succeeded()).isTrue();
  }

  @Test
  @DisplayName("has begun after it was asked for, whenever the one before ends on another thread")
  void notTheOneBefore(Vertx vertx) {
    Context loop = vertx.getOrCreateContext();
    Promise<Void> all = Promise.promise();
    loop.runOnContext(on -> new Asking(vertx, all).next());
    await(all.future());
  }

  /** Asks again and again, at moments that have nothing to do with when a commit ends. */
  private static final class Asking {
    private final Vertx vertx;
    private final Promise<Void> all;
    private final GroupCommit commits = new GroupCommit(this::commit);
    private long asked;
    private long committed;

    Asking(Vertx vertx, Promise<Void> all) {
      this.vertx = vertx;
      this.all = all;
    }

    private Future<Void> commit() {
      long upTo = asked;
      return vertx.<Void>executeBlocking(() -> null).onSuccess(done -> committed = upTo);
    }

    void next() {
      for (int i = ThreadLocalRandom.current().nextInt(40); i >= 0 && asked < REQUESTS; i--) {
        long mine = ++asked;
        commits.join().onSuccess(done -> check(mine));
      }
      if (asked < REQUESTS) {
        vertx.runOnContext(on -> next());
      }
    }

    private void check(long mine) {
      if (committed < mine) {
        all.tryFail(new AssertionError(mine + " answered, committed up to " + committed));
      } else if (mine == REQUESTS) {
        all.tryComplete();
      }
    }
  }
}
