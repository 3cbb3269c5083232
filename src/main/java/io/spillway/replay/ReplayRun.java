package io.spillway.replay;

import io.spillway.bus.Fault;
import io.spillway.retry.NetworkFault;
import io.spillway.time.TimeSource;
import io.spillway.tools.Progress;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The replay of one source, from its first word to its last. */
final class ReplayRun {
  private static final long STOP_LIMIT_S = 3;

  private final LineSource source;
  private final Choice choice;
  private final Way way;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Tally tally;
  private final long held;
  private final long last;

  ReplayRun(LineSource source, Choice choice, Way way, PrintWriter out, PrintWriter err) {
    this.source = source;
    this.choice = choice;
    this.way = way;
    this.out = out;
    this.err = err;
    tally = new Tally(line -> warn(source.named() + ": " + line));
    held = Math.max(choice.from(), source.first());
    last = Math.min(choice.to(), source.last());
  }

  private void warn(String line) {
    err.println(line);
    err.flush();
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }

  private void begin() {
    String lines = last < held ? "no lines" : "lines %,d to %,d".formatted(held, last);
    say("%s: %s, %s".formatted(source.named(), lines, way.words()));
  }

  /** Reads and judges all; sends nothing. Returns the exit code. */
  int dry() throws IOException {
    begin();
    long wanted = 0;
    Terms anything = new Terms(1, 1_000, Integer.MAX_VALUE, true);
    try (PieceReader reader =
        new PieceReader(
            source.open(held), choice, way.shaper(), tally::looked, held, source.last())) {
      while (!reader.isAtEnd()) {
        Optional<Piece> piece = reader.next(anything);
        wanted += piece.map(Piece::outgoing).map(lines -> lines.size()).orElse(0);
      }
    }
    tally.done(wanted, last + 1);
    say("%s: %s; --dry-run".formatted(source.named(), tally.words("would be sent")));
    return tally.isShort() ? ReplayCommand.SOME_NOT_SENT : 0;
  }

  /** Sends; returns the exit code. */
  int run(Vertx vertx, Pace pace) throws IOException {
    begin();
    MemoryKeeper memory = new MemoryKeeper(source, way.broker(), this::warn);
    Thread hook = new Thread(() -> interrupted(vertx), "replay-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    Replaying replaying;
    Fault fault;
    try (Progress progress = Progress.of("replay", Math.max(0, last + 1 - held), " lines")) {
      replaying = replaying(pace, memory, progress);
      fault = carry(vertx, replaying);
    }
    if (fault.isEmpty() && tally.presentTo() >= held) {
      lookBack(replaying.terms());
    }
    return forget(hook)
        ? told(fault, replaying.terms() != null)
        : ReplayCommand.ENDED_BEFORE; // the hook has the last word
  }

  private Replaying replaying(Pace pace, MemoryKeeper memory, Progress progress) {
    return new Replaying(
        source,
        choice,
        way.shaper(),
        way.target(),
        pace,
        tally,
        memory,
        next -> progress.to(Math.max(0, Math.min(next, last + 1) - held)),
        TimeSource.SYSTEM);
  }

  private static Fault carry(Vertx vertx, Replaying replaying) {
    String id = vertx.deployVerticle(replaying).await();
    Fault fault = replaying.done().map(Fault.NONE).otherwise(NetworkFault::of).await();
    vertx.undeploy(id).otherwiseEmpty().await();
    return fault;
  }

  /** Reads what the target had before, so that what is said of it, and the exit code, are true. */
  private void lookBack(Terms terms) throws IOException {
    tally.lookBack();
    long to = Math.min(tally.presentTo(), last);
    try (Progress progress = Progress.of("judge", to + 1 - held, " lines");
        PieceReader reader =
            new PieceReader(source.open(held), choice, way.shaper(), tally::lookedBack, held, to)) {
      while (!reader.isAtEnd()) {
        reader.next(terms).ifPresent(piece -> progress.to(piece.next() - held));
      }
    }
  }

  private int told(Fault fault, boolean welcomed) {
    if (!fault.isEmpty()) {
      warn("spillway: %s: %s".formatted(source.named(), fault.words()));
      say(
          welcomed
              ? reached() + "; the same command goes on from there"
              : source.named() + ": nothing was sent");
      return ReplayCommand.ENDED_BEFORE;
    }
    say("%s: %s".formatted(source.named(), tally.words(way.target().done())));
    return tally.isShort() ? ReplayCommand.SOME_NOT_SENT : 0;
  }

  private String reached() {
    long below = Math.max(held, tally.next());
    String how = tally.words(way.target().done());
    return below == held
        ? "%s: %s".formatted(source.named(), how)
        : "%s: %s; all is gone through up to line %,d".formatted(source.named(), how, below - 1);
  }

  /** Ctrl-C: says how far it is, when that is noted. What is under way is not waited for. */
  private void interrupted(Vertx vertx) {
    boolean noted = true;
    try {
      vertx.close().await(STOP_LIMIT_S, TimeUnit.SECONDS);
    } catch (TimeoutException slow) {
      noted = false;
    }
    String goesOn = noted ? "; the same command goes on from there" : "; not all of it is noted";
    say(System.lineSeparator() + reached() + goesOn);
  }

  /** False if it is running: the process is being ended. */
  private static boolean forget(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      return false;
    }
  }
}
