package io.spillway.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/**
 * One commit after the other, and all that ask while one is under way share the next: theirs may
 * have come too late for that one. For one event loop.
 */
final class GroupCommit {
  private final Supplier<Future<Void>> commit;

  /** Those whose commit is under way; null if none is. */
  private Promise<Void> underWay;

  /** Those that wait for the next; null if none do. */
  private Promise<Void> waiting;

  /**
   * @param commit begins one, of all that there is at that moment; never called while one is under
   *     way
   */
  GroupCommit(Supplier<Future<Void>> commit) {
    this.commit = commit;
  }

  /** Settles with the first commit that begins from now on. */
  Future<Void> join() {
    if (waiting == null) {
      waiting = Promise.promise();
    }
    Future<Void> theirs = waiting.future();
    if (underWay == null) {
      begin();
    }
    return theirs;
  }

  private void begin() {
    Promise<Void> these = waiting;
    waiting = null;
    underWay = these;
    Future.<Void>succeededFuture()
        .compose(none -> commit.get()) // catches one that throws, too
        .onComplete(
            settled -> {
              underWay = null;
              if (waiting != null) {
                begin();
              }
              these.handle(settled);
            });
  }

  boolean isUnderWay() {
    return underWay != null;
  }

  /** Completes when none is under way, and nobody waits for one. */
  Future<?> settled() {
    Promise<Void> last = waiting == null ? underWay : waiting;
    return last == null ? Future.succeededFuture() : last.future().otherwiseEmpty();
  }
}
