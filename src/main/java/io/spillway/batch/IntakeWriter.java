package io.spillway.batch;

import io.spillway.journal.Journal;
import io.spillway.journal.RejectedLog;
import io.spillway.message.Lines;
import io.spillway.message.Rejected;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

/** Puts what is new of a chunk on the disk: first the rejected messages, then the records. */
final class IntakeWriter {
  private final Vertx vertx;
  private final Journal journal;
  private final RejectedLog rejectedLog;

  IntakeWriter(Vertx vertx, Journal journal, RejectedLog rejectedLog) {
    this.vertx = vertx;
    this.journal = journal;
    this.rejectedLog = rejectedLog;
  }

  /**
   * Succeeds, on the caller's context, when all of it is on the disk. Records and memo are there
   * together or not at all: records without it would be stored again when the chunk comes again.
   */
  Future<Long> write(Intake intake) {
    return keep(intake.rejected())
        .compose(
            kept ->
                Future.fromCompletionStage(
                    journal.append(intake.lines(), intake.memo()), vertx.getOrCreateContext()));
  }

  /** Writes a memo and no record. */
  Future<Long> remember(byte[] memo) {
    return Future.fromCompletionStage(journal.append(Lines.NONE, memo), vertx.getOrCreateContext());
  }

  private Future<Void> keep(List<Rejected> rejected) {
    if (rejected.isEmpty()) {
      return Future.succeededFuture();
    }
    return Blocking.run(
        vertx,
        () -> {
          rejectedLog.append(rejected);
          return null;
        });
  }
}
