package io.spillway.batch;

import io.spillway.journal.Journal;
import io.spillway.journal.RejectedLog;
import io.spillway.message.Lines;
import io.spillway.message.Rejected;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Puts what is new of a chunk on the disk: first the rejected messages, then the records. */
final class IntakeWriter {
  private static final int APPEND_BYTES = Journal.APPEND_BYTES_MAX / 2; // memo and frame come to it
  private static final byte[] NO_MEMO = {};

  private final Vertx vertx;
  private final Journal journal;
  private final RejectedLog rejectedLog;

  IntakeWriter(Vertx vertx, Journal journal, RejectedLog rejectedLog) {
    this.vertx = vertx;
    this.journal = journal;
    this.rejectedLog = rejectedLog;
  }

  /** Succeeds, on the caller's context, when all of it is on the disk. */
  Future<Long> write(Intake intake) {
    return keep(intake.rejected())
        .compose(kept -> Future.fromCompletionStage(append(intake), vertx.getOrCreateContext()));
  }

  /** Writes a memo and no record. */
  Future<Long> remember(byte[] memo) {
    return Future.fromCompletionStage(
        journal.append(Lines.NONE, memo), vertx.getOrCreateContext());
  }

  private Future<Void> keep(List<Rejected> rejected) {
    if (rejected.isEmpty()) {
      return Future.succeededFuture();
    }
    return vertx.executeBlocking(
        () -> {
          rejectedLog.append(rejected);
          return null;
        });
  }

  /** The records of one message may be more than an append takes: an array has many elements. */
  private CompletionStage<Long> append(Intake intake) {
    Lines rest = intake.lines();
    CompletionStage<Long> before = CompletableFuture.completedStage(journal.next());
    while (rest.length() > APPEND_BYTES) {
      Lines piece = rest.limit(rest.countWithin(APPEND_BYTES));
      before = before.thenCombine(journal.append(piece, NO_MEMO), (first, next) -> first);
      rest = rest.skip(piece.count());
    }
    return before.thenCombine(journal.append(rest, intake.memo()), (first, last) -> last);
  }
}
