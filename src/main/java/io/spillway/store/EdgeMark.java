package io.spillway.store;

import io.vertx.core.Future;

/** How far one edge and epoch has come. Only the store's event loop touches it. */
final class EdgeMark {
  /** The lowest sequence number that is not on disk. */
  long durable;

  /** The lowest one that has not been given to the journal; falls back when the journal fails. */
  long submitted;

  /** The append that was submitted last. */
  Future<?> lastAppend = Future.succeededFuture();

  /** Complete unless requests have to wait for a step to be written down. */
  Future<?> step = Future.succeededFuture();

  EdgeMark(long next) {
    durable = next;
    submitted = next;
  }
}
