package io.spillway.replay;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.retry.Backoff;
import io.spillway.retry.OutageLog;
import io.spillway.retry.Patience;
import io.spillway.time.TimeSource;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one source to where it is to go: connects, and connects again until all is there. The
 * first attempt has to come about, or the address is wrong.
 */
final class Replaying extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(Replaying.class);

  /** So often a broker may cut the link without having taken anything. */
  private static final int FRUITLESS_MAX = 5;

  private static final long SAVE_EVERY_MS = 1_000;

  private final LineSource source;
  private final Choice choice;
  private final Shaper shaper;
  private final Target target;
  private final Pace pace;
  private final Tally tally;
  private final MemoryKeeper memory;
  private final LongConsumer progress;
  private final TimeSource time;
  private final Patience patience = new Patience();
  private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
  private final OutageLog outage = new OutageLog(log, "[replay]");
  private final Promise<Void> done = Promise.promise();
  private final long held;

  private Carrying carrying;

  /** What was sent over the connection before, of which not all was acknowledged. */
  private Course before;

  private long reached;
  private int attempt;
  private int fruitless;
  private volatile Terms terms;
  private boolean welcomed;
  private boolean over;

  /**
   * Begins with nothing.
   *
   * @param progress is told of the number below which everything is there
   */
  Replaying(
      LineSource source,
      Choice choice,
      Shaper shaper,
      Target target,
      Pace pace,
      Tally tally,
      MemoryKeeper memory,
      LongConsumer progress,
      TimeSource time) {
    this.source = source;
    this.choice = choice;
    this.shaper = shaper;
    this.target = target;
    this.pace = pace;
    this.tally = tally;
    this.memory = memory;
    this.progress = progress;
    this.time = time;
    held = Math.max(choice.from(), source.first());
    reached = Math.max(held, memory.next());
  }

  /** What the other side takes; null if it has never welcomed. */
  Terms terms() {
    return terms;
  }

  /** Succeeds when all is there; fails with a {@link Fault.Failure} when it cannot come there. */
  Future<Void> done() {
    return done.future();
  }

  @Override
  public Future<?> start() {
    if (isBehindEnd(held)) { // there is nothing to send
      over = true;
      done.complete();
      return Future.succeededFuture();
    }
    vertx.setPeriodic(SAVE_EVERY_MS, tick -> look());
    return Blocking.run(vertx, this::save).onSuccess(noted -> connect(held));
  }

  @Override
  public Future<?> stop() {
    over = true;
    return leave()
        .compose(left -> target.close())
        .compose(closed -> Blocking.run(vertx, this::save));
  }

  private Future<Void> leave() {
    return carrying == null ? Future.succeededFuture() : carrying.leave().otherwiseEmpty();
  }

  private Void save() {
    memory.save();
    return null;
  }

  private void look() {
    if (carrying != null) {
      carrying.look();
    }
    if (!target.remembers() && !over) {
      Blocking.run(vertx, this::save).onFailure(this::failed);
    }
  }

  private void connect(long first) {
    if (over) {
      return;
    }
    Carrying next = new Carrying(this, vertx, pace, patience, time);
    target
        .connect(first, reached, next)
        .onSuccess(link -> connected(next, link))
        .onFailure(error -> down(target.explain(error)));
  }

  private void connected(Carrying next, TargetLink link) {
    carrying = next;
    next.begin(link);
    if (over) {
      next.leave().onFailure(this::failed);
    }
  }

  // --- what a connection tells and asks

  /** Nothing is asked for any more. */
  boolean isOver() {
    return over;
  }

  /** Everything below is there. */
  void welcomed(long next, Terms offered) {
    terms = offered;
    if (!welcomed && target.remembers() && memory.isOvertaken(next)) {
      fail(
          new Fault(
              FaultKind.LOST,
              "the server has lines up to %d of a source that began like this one, and they are not"
                      .formatted(next - 1)
                  + " these: it was put back from an earlier time, and has gone on. Another --name"
                  + " sends all of it, what is there already once more"));
      return;
    }
    if (!welcomed && next > held) {
      tally.present(Math.min(next, source.last() + 1));
    }
    if (before != null) {
      tally.done(before.arrived(next) - before.arrived(0), next);
      before = null;
    }
    if (welcomed && next < reached) {
      log.warn(
          "[replay] the server is at {} and had acknowledged what is below {}: its data are of an"
              + " earlier time, or it is another server; it is sent again from there",
          next,
          reached);
    }
    welcomed = true;
    reached(next);
  }

  /** Only now the other side has proved itself: it may welcome, and then fail to store. */
  void acknowledged(long lines, long next) {
    outage.up();
    attempt = 0;
    fruitless = 0;
    tally.done(lines, next);
    reached(next);
  }

  private void reached(long next) {
    reached = next;
    memory.reached(next);
    progress.accept(next);
  }

  void setAside(long number, String why) {
    tally.setAside(number, why);
  }

  /** Whether anything from there on could have to be sent. */
  boolean isBehindEnd(long next) {
    return next > Math.min(source.last(), choice.to());
  }

  /** Blocking. */
  PieceReader read(long next) throws IOException {
    long from = Math.max(next, held);
    return new PieceReader(source.open(from), choice, shaper, tally::looked, from, source.last());
  }

  /** The server knows no word for numbers that do not come: they are said at the beginning. */
  void helloAgain(long first) {
    carrying = null;
    connect(first);
  }

  void unreadable(Throwable error) {
    fail(
        new Fault(
            FaultKind.DAMAGED,
            "%s cannot be read on: %s; what comes behind can be sent by itself, with --from"
                .formatted(source.named(), words(error))));
  }

  private static String words(Throwable error) {
    return error instanceof IOException && error.getMessage() != null
        ? error.getMessage()
        : error.toString();
  }

  /** All that was read was sent, and is acknowledged. */
  void finished() {
    if (!over) {
      over = true;
      outage.up();
      leave().onComplete(left -> done.complete());
    }
  }

  /** The connection has ended. */
  void ended(Course course, boolean underWay, Ending why) {
    carrying = null;
    before = course == null ? before : course;
    fruitless += underWay ? 1 : 0;
    if (!target.remembers() && fruitless >= FRUITLESS_MAX) {
      fail(
          why.fault()
              .as(
                  why.fault().words()
                      + ", %d times at line %d: does it allow this topic, and messages of this size?"
                          .formatted(fruitless, reached)
                      + " What comes behind can be sent by itself, with --from"));
    } else {
      down(why);
    }
  }

  private void down(Ending why) {
    if (over) {
      return;
    }
    if (why.isFinal() || !welcomed) {
      fail(why.fault());
      return;
    }
    outage.down(why.fault());
    long delayMs = Math.max(1, backoff.before(attempt++).toMillis());
    vertx.setTimer(delayMs, again -> connect(held));
  }

  private void failed(Throwable error) {
    fail(new Fault(FaultKind.OTHER, words(error)));
  }

  private void fail(Fault why) {
    if (!over) {
      over = true;
      leave().onComplete(left -> done.fail(why.failure()));
    }
  }
}
