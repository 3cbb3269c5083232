package io.spillway.replay;

import io.spillway.bus.FaultKind;
import io.spillway.retry.Patience;
import io.spillway.time.TimeSource;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;

/**
 * What goes over one connection: reads one piece ahead, and sends as much as the other side and the
 * pace allow. On one event loop; the source is read on a worker.
 */
final class Carrying implements TargetLink.Listener {
  private static final long MS_NS = 1_000_000;

  /** An answer to the hello, or to what is sent. */
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);

  private final Replaying replaying;
  private final Vertx vertx;
  private final Pace pace;
  private final Patience patience;
  private final TimeSource time;

  private TargetLink link;
  private Terms terms;

  /** Null before the welcome. */
  private Course course;

  private PieceReader reader;

  /** Read, and not yet sent. */
  private Piece ahead;

  private long waitingSinceMs;
  private boolean reading;
  private boolean waiting;
  private boolean over;

  Carrying(Replaying replaying, Vertx vertx, Pace pace, Patience patience, TimeSource time) {
    this.replaying = replaying;
    this.vertx = vertx;
    this.pace = pace;
    this.patience = patience;
    this.time = time;
  }

  /** It is connected. */
  void begin(TargetLink connected) {
    link = connected;
    waitingSinceMs = time.monotonicMs();
    patience.begin(waitingSinceMs);
  }

  @Override
  public void welcomed(long next, Terms offered) {
    terms = offered.atMost(pace.atOnce());
    course = new Course(next, offered.window());
    replaying.welcomed(next, terms);
    if (replaying.isOver()) {
      return;
    }
    if (replaying.isBehindEnd(next)) {
      replaying.finished();
      return;
    }
    reading = true;
    Blocking.run(vertx, () -> replaying.read(next)).onSuccess(this::opened).onFailure(this::failed);
  }

  private void opened(PieceReader opened) {
    reader = opened;
    reading = false;
    pump();
  }

  private void pump() {
    if (over) {
      closeReader();
    } else if (ahead != null) {
      send();
    } else if (!reading && !reader.isAtEnd()) {
      reading = true;
      Blocking.run(vertx, () -> reader.next(terms)).onSuccess(this::read).onFailure(this::failed);
    } else if (!reading && course.isIdle()) {
      replaying.finished();
    }
  }

  private void read(Optional<Piece> piece) {
    reading = false;
    ahead = piece.orElse(null);
    pump();
  }

  private void failed(Throwable error) {
    reading = false;
    if (over) {
      closeReader();
    } else {
      replaying.unreadable(error);
    }
  }

  /** Sends what is ahead, or what has to go before it, if it may go now. */
  private void send() {
    if (course.isFull() || waiting) {
      return;
    }
    if (course.isBehindHole(ahead)) {
      stepOver();
      return;
    }
    long waitNs = pace.waitNs(time.nanoTime());
    if (waitNs > 0) {
      waiting = true;
      vertx.setTimer(Math.max(1, waitNs / MS_NS), timer -> waited());
      return;
    }
    Piece piece = ahead;
    ahead = null;
    beforeSending();
    course.sent(piece);
    pace.sent(piece.outgoing().size(), time.nanoTime());
    link.send(piece);
    pump();
  }

  private void waited() {
    waiting = false;
    pump();
  }

  private void stepOver() {
    if (terms.skips()) {
      beforeSending();
      long from = course.next();
      course.skipped(ahead.first());
      link.skip(from, ahead.first());
      pump();
    } else if (course.isIdle()) {
      long first = ahead.first();
      leave().onComplete(left -> replaying.helloAgain(first));
    }
  }

  private void beforeSending() {
    if (course.isIdle()) {
      waitingSinceMs = time.monotonicMs();
    }
  }

  @Override
  public void acknowledged(long next) {
    long arrived = course.arrived(0);
    String fault = course.acknowledged(next);
    if (!fault.isEmpty()) {
      distrust(fault);
      return;
    }
    long nowMs = time.monotonicMs();
    patience.rewarded(nowMs - waitingSinceMs, ANSWER_WITHIN, nowMs);
    waitingSinceMs = nowMs;
    replaying.acknowledged(course.arrived(0) - arrived, course.acknowledged());
    pump();
  }

  @Override
  public void setAside(long number, String why) {
    String fault = course.setAside(number);
    if (fault.isEmpty()) {
      replaying.setAside(number, why);
    } else {
      distrust(fault);
    }
  }

  private void distrust(String what) {
    giveUp(Ending.lasting(FaultKind.OTHER, "the server breaks the protocol: " + what));
  }

  /** To be called now and then: gives up who answers nothing. */
  void look() {
    boolean waits = course == null || !course.isIdle();
    long waitedMs = time.monotonicMs() - waitingSinceMs;
    if (!over && waits && waitedMs > patience.of(ANSWER_WITHIN)) {
      patience.over();
      giveUp(
          Ending.passing(
              FaultKind.TIMEOUT,
              "no acknowledgement for too long: the other side, or the link, hangs"));
    }
  }

  private void giveUp(Ending why) {
    TargetLink dead = link;
    ended(why);
    dead.leave().onFailure(gone -> {}); // it may never close, so nobody waits for it
  }

  @Override
  public void ended(Ending why) {
    if (!over) {
      over = true;
      closeReader();
      replaying.ended(course, course != null && !course.isIdle(), why);
    }
  }

  /** Says goodbye. */
  Future<Void> leave() {
    over = true;
    closeReader();
    return link.leave();
  }

  /** Not while it is read from: then whoever has read closes it. */
  private void closeReader() {
    PieceReader open = reader;
    if (open != null && !reading) {
      reader = null;
      Blocking.run(
              vertx,
              () -> {
                open.close();
                return null;
              })
          .onFailure(error -> {}); // it was only read
    }
  }
}
