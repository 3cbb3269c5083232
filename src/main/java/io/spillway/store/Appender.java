package io.spillway.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.Fault;
import io.spillway.bus.StoredBatch;
import io.spillway.journal.Journal;
import io.spillway.journal.JournalFailure;
import io.spillway.journal.RejectedLog;
import io.spillway.message.Lines;
import io.spillway.message.Rejected;
import io.spillway.retry.DiskOutage;
import io.spillway.retry.OutageLog;
import io.spillway.worker.Blocking;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives records to the journal and tells the marks, and the live hubs, what is on the disk. After a
 * failure it gives the journal nothing for a while.
 */
final class Appender {
  private static final Logger log = LoggerFactory.getLogger(Appender.class);
  private static final long TRY_AGAIN_MS = 500;
  private static final long LOOK_AGAIN_MS = 2_000;

  private final Context context;
  private final Journal journal;
  private final String name;
  private final RejectedLog rejectedLog;
  private final EdgeMarks marks;
  private final UnaryOperator<Lines> completion;
  private final Counter stored;
  private final Counter rejected;
  private final DiskOutage disk = new DiskOutage(log, "[store] disk:");
  private final RejectedGroups groups = new RejectedGroups(this::keepAll);
  private final OutageLog rejects = new OutageLog(log, "[store] a record cannot be set aside:");
  private final LargestRefused notKept = new LargestRefused();
  private boolean looking;

  /**
   * @param context the store's: everything here happens on it
   * @param name the journal's
   */
  Appender(
      Context context,
      Journal journal,
      String name,
      RejectedLog rejectedLog,
      EdgeMarks marks,
      UnaryOperator<Lines> completion,
      MeterRegistry metrics) {
    this.context = context;
    this.journal = journal;
    this.name = name;
    this.rejectedLog = rejectedLog;
    this.marks = marks;
    this.completion = completion;
    stored = metrics.counter("spillway.store.records");
    rejected = metrics.counter("spillway.store.rejected");
  }

  /**
   * Succeeds when the lines are on the disk; fails with {@link BusFailure#CANNOT_STORE}.
   *
   * @param mark whose they are; null if they have no sequence
   */
  Future<Void> append(EdgeMark mark, Lines lines) {
    if (lines.isEmpty()) {
      return Future.succeededFuture();
    }
    return marks.isRefusing() ? refused() : write(mark, completion.apply(lines));
  }

  private Future<Void> write(EdgeMark mark, Lines lines) {
    int count = lines.count();
    marks.submitted(mark, count);
    return inOrder(journal.append(lines))
        .<Void>map(
            first -> {
              marks.stored(mark, first, count);
              stored.increment(count);
              Channels.BATCH_STORED.publish(context.owner(), new StoredBatch(name, first, lines));
              if (!marks.isRefusing()) {
                disk.stored();
              }
              return null;
            })
        .recover(error -> failed(mark, error));
  }

  // The journal's writer posts its successes to the context. A refusal is known at once, and must
  // not be heard before what went to the journal earlier.
  private Future<Long> inOrder(CompletionStage<Long> appended) {
    Promise<Long> heard = Promise.promise();
    appended.whenComplete(
        (first, error) ->
            context.runOnContext(
                on -> {
                  if (error == null) {
                    heard.complete(first);
                  } else {
                    heard.fail(error);
                  }
                }));
    return heard.future();
  }

  /** Nothing was stored: the mark falls back, and after a while the journal is asked again. */
  private Future<Void> failed(EdgeMark mark, Throwable error) {
    disk.failed(error);
    if (marks.failed(mark)) {
      context.owner().setTimer(TRY_AGAIN_MS, this::tryAgain);
    }
    return cannotStore(error);
  }

  private void tryAgain(long timer) {
    if (marks.resume()) {
      journal.resume();
    } else {
      context.owner().setTimer(TRY_AGAIN_MS, this::tryAgain);
    }
  }

  /** What a request is told that comes shortly after a failure. */
  <T> Future<T> refused() {
    return Future.failedFuture(BusFailure.CANNOT_STORE.because(disk.fault().words()));
  }

  static <T> Future<T> cannotStore(Throwable error) {
    return Future.failedFuture(BusFailure.CANNOT_STORE.because(JournalFailure.words(error)));
  }

  /** Puts into {@code rejected.ndjson} what is no record; succeeds when it is on the disk. */
  Future<Void> keep(List<Rejected> refused) {
    return refused.isEmpty()
        ? Future.succeededFuture()
        : groups
            .add(refused)
            .onSuccess(kept -> kept(refused))
            .recover(
                error -> {
                  notKept.refused(refused);
                  keepsNot(Fault.disk(error));
                  return cannotStore(error);
                });
  }

  private Future<Void> keepAll(List<Rejected> refused) {
    return Blocking.<Void>run(
            context,
            () -> {
              rejectedLog.append(refused);
              return null;
            })
        .onSuccess(kept -> rejected.increment(refused.size()));
  }

  private void kept(List<Rejected> refused) {
    if (notKept.kept(refused)) {
      rejects.up();
    }
  }

  private void keepsNot(Fault why) {
    rejects.down(why);
    if (!looking) {
      looking = true;
      context.owner().setTimer(LOOK_AGAIN_MS, this::lookAgain);
    }
  }

  /**
   * Whoever brought the record may not come again, and what works is no fault. That others, which
   * are smaller, can be stored says nothing of it: a disk may have room for them alone.
   */
  private void lookAgain(long timer) {
    looking = false;
    if (rejects.fault().isEmpty()) {
      return;
    }
    Fault before = rejects.fault();
    List<Rejected> tried = notKept.get();
    Blocking.run(context, () -> rejectedLog.takes(tried))
        .onSuccess(
            taken -> {
              if (taken) {
                kept(tried);
              }
              if (!rejects.fault().isEmpty()) {
                keepsNot(before);
              }
            })
        .onFailure(error -> keepsNot(Fault.disk(error)));
  }

  /** What is wrong with the disk. */
  Fault fault() {
    if (!marks.isRefusing()) {
      disk.look(journal.gone());
    }
    return disk.fault().or(rejects.fault());
  }

  long stored() {
    return (long) stored.count();
  }

  long rejected() {
    return (long) rejected.count();
  }
}
