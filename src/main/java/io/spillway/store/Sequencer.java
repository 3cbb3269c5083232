package io.spillway.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Loss;
import io.spillway.bus.StoreRequest.Begin;
import io.spillway.bus.StoreRequest.Refused;
import io.spillway.bus.StoreRequest.Sequenced;
import io.spillway.bus.StoreRequest.StepOver;
import io.spillway.bus.Stored;
import io.spillway.journal.Journal;
import io.spillway.message.Lines;
import io.spillway.wire.CloseReason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Does what the marks decide about the requests of edges: stores, waits, steps, answers. */
final class Sequencer {
  private final Journal journal;
  private final EdgeMarks marks;
  private final Appender appender;
  private final CheckpointWriter checkpoints;
  private final Counter skipped;
  private final PassedOver passedOver;
  private final Counter lostRecords;
  private final LostRecords lost = new LostRecords();

  Sequencer(
      Journal journal,
      EdgeMarks marks,
      Appender appender,
      CheckpointWriter checkpoints,
      MeterRegistry metrics) {
    this.journal = journal;
    this.marks = marks;
    this.appender = appender;
    this.checkpoints = checkpoints;
    skipped = metrics.counter("spillway.store.skipped");
    passedOver = new PassedOver(metrics);
    lostRecords = metrics.counter("spillway.store.lost");
  }

  /**
   * Where an edge goes on, once what an older connection of it still has on its way is settled; see
   * {@link Begin}.
   */
  Future<Stored> begin(Begin request) {
    EdgeMark mark = marks.of(EdgeMarks.key(request.edge(), request.epoch()));
    return begin(mark, request, mark.submitted());
  }

  private Future<Stored> begin(EdgeMark mark, Begin request, long upTo) {
    Owner caller = Owner.of(request.key());
    if (!mark.owner().is(caller)) {
      return claim(mark, request, caller);
    }
    if (!mark.isLatest(request.session())) {
      return overtaken(request.edge());
    }
    mark.begun(request.session());
    return switch (mark.opening(request.first(), upTo)) {
      case WAIT -> settled(mark).compose(again -> begin(mark, request, upTo));
      case KNOWN -> Future.succeededFuture(answer(mark));
      case STEP -> {
        long from = mark.durable();
        long lostTo = Math.min(request.assured(), request.first());
        yield alone(
                mark,
                () -> step(mark, request.first()).onSuccess(onDisk -> gone(request, from, lostTo)))
            .map(stored -> new Stored(stored.next(), stored.offset(), lostTo > from ? from : 0));
      }
    };
  }

  /**
   * The first to come with a key has the epoch from then on, and that is on disk before he hears.
   */
  private Future<Stored> claim(EdgeMark mark, Begin request, Owner caller) {
    if (mark.isTaken()) {
      return settled(mark).compose(again -> begin(request));
    }
    Owner before = mark.owner();
    if (!mark.isClaimable()) {
      return foreign(request.edge(), request.epoch());
    }
    mark.owner(caller);
    if (caller.equals(Owner.KEYLESS)) {
      return begin(request); // which is what it is without being noted
    }
    return alone(
            mark,
            () ->
                checkpoints
                    .save()
                    .onFailure(error -> mark.owner(before))
                    .recover(Appender::cannotStore))
        .compose(noted -> begin(request));
  }

  private static Future<Stored> overtaken(String edge) {
    return Future.failedFuture(
        BusFailure.GAP.because("a newer connection of " + edge + " has taken over"));
  }

  private static Future<Stored> foreign(String edge, String epoch) {
    return Future.failedFuture(
        BusFailure.FORBIDDEN.because(CloseReason.ofKey(EdgeMarks.key(edge, epoch))));
  }

  /**
   * What it does not hold any more: of what was acknowledged to it, that is all known to be lost.
   * The last of it may not be, as it notes that a second late.
   */
  private void gone(Begin request, long from, long lostTo) {
    if (lostTo > from) {
      String series = EdgeMarks.key(request.edge(), request.epoch());
      Loss loss = new Loss(series, from, request.assuredFrom(), lostTo, request.first());
      lost.add(request.edge(), loss);
      lostRecords.increment((double) loss.least());
    }
    if (request.first() > Math.max(from, lostTo)) {
      passedOver.add(request, Math.max(from, lostTo));
    }
  }

  /** Stores what is new of a batch, and answers what is on the disk; see {@link Sequenced}. */
  Future<Stored> sequenced(Sequenced request) {
    if (marks.isRefusing()) {
      return appender.refused();
    }
    EdgeMark mark = marks.of(EdgeMarks.key(request.edge(), request.epoch()));
    if (!mark.isOpenTo(Owner.of(request.key()))) { // it has been claimed since the hello
      return foreign(request.edge(), request.epoch());
    }
    if (!mark.isLatest(request.session())) {
      return overtaken(request.edge());
    }
    return switch (mark.judge(request.first(), request.next())) {
      case WAIT, PENDING -> settled(mark).compose(again -> sequenced(request));
      case GAP -> gap(mark, request.first());
      case STORED -> {
        skipped.increment((double) (request.next() - request.first()));
        yield Future.succeededFuture(answer(mark));
      }
      case FILLS -> piecewise(mark, request);
      case NEXT -> request.refused().isEmpty() ? next(mark, request) : piecewise(mark, request);
    };
  }

  /** Goes over what an edge has dropped, behind what it has sent before; see {@link StepOver}. */
  Future<Stored> stepOver(StepOver request) {
    EdgeMark mark = marks.of(EdgeMarks.key(request.edge(), request.epoch()));
    if (!mark.isOpenTo(Owner.of(request.key()))) {
      return foreign(request.edge(), request.epoch());
    }
    if (!mark.isLatest(request.session())) {
      return overtaken(request.edge());
    }
    return mark.isTaken()
        ? settled(mark).compose(again -> stepOver(request))
        : alone(mark, () -> appended(mark).compose(settled -> over(mark, request)));
  }

  private Future<Void> over(EdgeMark mark, StepOver request) {
    long from = mark.durable();
    if (request.first() > from) { // what came before has failed
      return gap(mark, request.first());
    }
    return request.next() <= from
        ? Future.succeededFuture()
        : step(mark, request.next()).onSuccess(onDisk -> passedOver.add(request, from));
  }

  private Future<Stored> next(EdgeMark mark, Sequenced request) {
    int known = mark.known(request.first(), request.lines().count());
    skipped.increment(known);
    return appender
        .append(mark, known == 0 ? request.lines() : request.lines().skip(known))
        .map(onDisk -> answer(mark));
  }

  /** Does several things in a row while other requests of the edge wait, and answers. */
  private Future<Stored> alone(EdgeMark mark, Supplier<Future<Void>> work) {
    mark.take();
    return Future.<Void>succeededFuture()
        .compose(taken -> work.get())
        .map(onDisk -> answer(mark))
        .onComplete(settled -> mark.release());
  }

  private static Future<Void> settled(EdgeMark mark) {
    Promise<Void> settled = Promise.promise();
    mark.whenSettled(settled::complete);
    return settled.future();
  }

  /** One after the other: the lines up to a refused one, then that one, and so on. Rare. */
  private Future<Stored> piecewise(EdgeMark mark, Sequenced request) {
    return alone(mark, () -> appended(mark).compose(settled -> pieces(mark, request)));
  }

  /** Nothing of this edge is on its way to the disk any more. */
  private static Future<Void> appended(EdgeMark mark) {
    return mark.isAppending()
        ? settled(mark).compose(again -> appended(mark))
        : Future.succeededFuture();
  }

  private Future<Void> pieces(EdgeMark mark, Sequenced request) {
    if (request.first() > mark.submitted()) { // what came before has failed
      return gap(mark, request.first());
    }
    Future<Void> done = Future.succeededFuture();
    int line = 0;
    long seq = request.first();
    for (Refused refused : request.refused()) {
      int count = (int) (refused.seq() - seq);
      done = done.compose(before(mark, request.lines().skip(line).limit(count), seq));
      done = done.compose(stored -> refuse(mark, refused));
      line += count;
      seq = refused.seq() + 1;
    }
    return done.compose(before(mark, request.lines().skip(line), seq));
  }

  private static <T> Future<T> gap(EdgeMark mark, long first) {
    return Future.failedFuture(
        BusFailure.GAP.because("expected " + mark.submitted() + ", not " + first));
  }

  private Function<Void, Future<Void>> before(EdgeMark mark, Lines lines, long first) {
    return earlier -> fill(mark, lines, first);
  }

  /** Stores what of these lines is not stored, hole by hole. */
  private Future<Void> fill(EdgeMark mark, Lines lines, long first) {
    int known = mark.known(first, lines.count());
    skipped.increment(known);
    Lines rest = lines.skip(known);
    int room = mark.room(first + known, rest.count());
    Future<Void> filled = appender.append(mark, rest.limit(room));
    return room == rest.count()
        ? filled
        : filled.compose(onDisk -> fill(mark, rest.skip(room), first + known + room));
  }

  private Future<Void> refuse(EdgeMark mark, Refused refused) {
    if (refused.seq() < mark.durable()) {
      return Future.succeededFuture();
    }
    return appender
        .keep(List.of(refused.rejected()))
        .compose(kept -> step(mark, refused.seq() + 1));
  }

  /** Moves a mark over what has no record, and has that on disk before anything beyond it. */
  private Future<Void> step(EdgeMark mark, long next) {
    mark.step(next);
    return checkpoints
        .save()
        .onSuccess(written -> mark.stepped())
        .onFailure(error -> mark.notStepped())
        .recover(Appender::cannotStore);
  }

  private Stored answer(EdgeMark mark) {
    return new Stored(mark.durable(), journal.next());
  }

  /** Sequence numbers that edges had given out and did not hold any more when they came. */
  long passedOver() {
    return passedOver.count();
  }

  /** What was acknowledged to edges, and is not here. */
  LostRecords lost() {
    return lost;
  }

  /** Records that were skipped because they are stored already. */
  long skipped() {
    return (long) skipped.count();
  }
}
