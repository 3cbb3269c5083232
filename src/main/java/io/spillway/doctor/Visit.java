package io.spillway.doctor;

import io.spillway.hop.HopFinding;
import io.spillway.time.TimeSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Goes from hop to hop and waits at each, though not for ever; on a thread of its own. */
final class Visit {
  private static final Logger log = LoggerFactory.getLogger(Visit.class);

  /** A role waits for less, and says what it has waited for. */
  private static final long WITHIN_MS = 10_000;

  private final TimeSource time;
  private final Diagnosis diagnosis;
  private final Telling telling;
  private final long withinMs;

  Visit(TimeSource time, Diagnosis diagnosis, Telling telling) {
    this(time, diagnosis, telling, WITHIN_MS);
  }

  /** With a limit of time for each hop. */
  Visit(TimeSource time, Diagnosis diagnosis, Telling telling, long withinMs) {
    this.time = time;
    this.diagnosis = diagnosis;
    this.telling = telling;
    this.withinMs = withinMs;
  }

  /** What is known without a look. */
  void tell(HopFinding finding) {
    tell(finding, time.monotonicMs());
  }

  private void tell(HopFinding finding, long sinceMs) {
    diagnosis.add(finding);
    telling.tell(finding, time.monotonicMs() - sinceMs);
  }

  /** Looks at all, in this order. */
  void go(Vertx vertx, List<Step> steps) {
    Context loop = vertx.getOrCreateContext();
    for (Step step : steps) {
      long startedMs = time.monotonicMs();
      Optional<String> barrier = diagnosis.barrier(step.needs());
      HopFinding finding =
          barrier.isPresent()
              ? HopFinding.skipped(step.hop(), "not looked at: needs " + barrier.get())
              : look(loop, step);
      tell(finding, startedMs);
    }
  }

  private HopFinding look(Context loop, Step step) {
    Future<HopFinding> seen =
        Future.<HopFinding>future(
                done ->
                    loop.runOnContext(
                        on ->
                            Future.succeededFuture()
                                .compose(begun -> step.look().get()) // one that throws has failed
                                .onComplete(done)))
            .otherwise(error -> unable(step, error));
    try {
      return seen.await(withinMs, TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      return HopFinding.failed(
          step.hop(),
          "nothing is known after " + withinMs / 1_000 + " s",
          "look whether something hangs there: a name server, a disk, a peer that is frozen");
    }
  }

  /** A fault of our own: what is wrong at a hop is told by whoever looks at it. */
  private static HopFinding unable(Step step, Throwable error) {
    log.debug("[doctor] {}", step.hop(), error);
    return HopFinding.skipped(
        step.hop(),
        "not known: it could not be looked at (" + error.getClass().getSimpleName() + ")");
  }
}
