package io.spillway.store;

import io.spillway.message.Rejected;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One append of rejected messages after the other, and all that come while one is under way share
 * the next, and its sync: or who sends what is rejected, by the thousand, has the others wait for
 * as many syncs. Where a group cannot be appended each is tried alone, as there may be room for
 * some. For one event loop.
 */
final class RejectedGroups {
  private static final Logger log = LoggerFactory.getLogger(RejectedGroups.class);

  /** Most of a group; a request that has more goes alone. */
  static final int GROUP_MAX = 1_000;

  private final Function<List<Rejected>, Future<Void>> append;
  private final Deque<Request> waiting = new ArrayDeque<>();
  private boolean underWay;

  /** How many of those that wait are to be tried alone. */
  private int alone;

  private record Request(List<Rejected> rejected, Promise<Void> done) {
    // Whoever listens is called at once: where it throws, the others wait for their answer still.
    void settle(AsyncResult<Void> settled) {
      try {
        done.handle(settled);
      } catch (RuntimeException error) {
        log.error("[store] told what was set aside", error);
      }
    }
  }

  /**
   * @param append appends all of them or none; never called while one is under way
   */
  RejectedGroups(Function<List<Rejected>, Future<Void>> append) {
    this.append = append;
  }

  /** Succeeds when they have been appended. */
  Future<Void> add(List<Rejected> rejected) {
    Request request = new Request(rejected, Promise.promise());
    waiting.add(request);
    next();
    return request.done.future();
  }

  private void next() {
    if (underWay || waiting.isEmpty()) {
      return;
    }
    underWay = true;
    List<Request> group = new ArrayList<>();
    List<Rejected> all = new ArrayList<>();
    do {
      Request request = waiting.poll();
      group.add(request);
      all.addAll(request.rejected);
    } while (alone == 0 && !waiting.isEmpty() && all.size() + size(waiting) <= GROUP_MAX);
    alone = Math.max(0, alone - 1);
    Future.<Void>succeededFuture()
        .compose(none -> append.apply(all)) // catches one that throws, too
        .onComplete(
            settled -> {
              underWay = false;
              try {
                settled(group, settled);
              } finally {
                next();
              }
            });
  }

  private void settled(List<Request> group, AsyncResult<Void> settled) {
    if (settled.succeeded() || group.size() == 1) {
      group.forEach(request -> request.settle(settled));
      return;
    }
    alone = group.size();
    for (int i = group.size() - 1; i >= 0; i--) {
      waiting.addFirst(group.get(i));
    }
  }

  private static int size(Deque<Request> waiting) {
    return waiting.element().rejected.size();
  }
}
