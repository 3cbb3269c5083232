package io.spillway.doctor;

import io.spillway.config.Config;
import io.spillway.config.ConfigException;
import io.spillway.config.Loaded;
import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import io.spillway.message.Timestamps;
import io.spillway.time.TimeSource;
import io.spillway.tools.Misuse;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at every hop of the way, and says of each that it is well, or what to do about it. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    header = "Looks at every hop of the way, and says what to do about what is not well.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "doctor [--json] [-conf FILE]",
    description = {
      "",
      "In order: configuration, clock, directories (rights, room, speed of the disk), the broker"
          + " (name, addresses, TLS, login, topics and their QoS, packet identifiers), the server"
          + " (name, addresses, TLS, clock, token, acknowledgements, round trip, proxies); of a"
          + " server its port, tokens and databases.",
      "",
      "It may run beside what it looks at, as the same user: it has a client id of its own, takes"
          + " no lock, and says no hello. Each hop has at most 10 s.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is well",
      "1:something has failed; the cure stands below it",
      "2:wrong usage",
      "3:nothing has failed, and something is to be looked at, or not known"
    })
public final class Doctor implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(Doctor.class);
  private static final String CONFIGURATION = "configuration";
  private static final String CONFIGURATION_CURE =
      "mend it there: docs/configuration.md says what is allowed";
  private static final String CLOCK = "clock";
  private static final String OF_TOKENS = "server.tokens";
  private static final long YEAR_2024_MS = 1_704_067_200_000L;
  private static final long CLOSE_WITHIN_MS = 2_000;
  private static final int WORKERS = 4;

  @Option(
      names = {"-conf", "--conf"},
      paramLabel = "FILE",
      description = "The configuration. Without it .env and the environment count, as at a start.")
  private Path conf;

  @Option(names = "--json", description = "print one JSON object instead of text")
  private boolean json;

  @Spec private CommandSpec spec;

  private final TimeSource time = TimeSource.SYSTEM;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Telling telling = json ? new JsonTelling(out) : new TextTelling(out, Marks.here());
    Diagnosis diagnosis = new Diagnosis();
    long startedMs = time.monotonicMs();
    look(new Visit(time, diagnosis, telling));
    telling.end(diagnosis, time.monotonicMs() - startedMs);
    return diagnosis.exitCode();
  }

  private void look(Visit visit) {
    try {
      Loaded loaded = Config.load(conf, Path.of(""), System.getenv());
      if (conf == null && loaded.config().broker() != null) {
        throw new Misuse(
            spec.commandLine(), "Missing: -conf FILE; nothing else says here what would run");
      }
      configuration(loaded).forEach(visit::tell);
      visit.tell(clock(time.wallMs()));
      walk(loaded.config(), visit);
    } catch (ConfigException e) {
      HopFinding told = HopFinding.told(CONFIGURATION, Result.FAILED, e.getMessage());
      visit.tell(
          told.cure().isEmpty()
              ? HopFinding.failed(CONFIGURATION, told.words(), CONFIGURATION_CURE)
              : told);
    }
  }

  private List<HopFinding> configuration(Loaded loaded) {
    List<HopFinding> findings = new ArrayList<>();
    findings.add(
        HopFinding.ok(
            CONFIGURATION, conf == null ? "of .env and the environment" : conf.toString()));
    loaded.warnings().stream()
        .filter(warning -> !warning.startsWith(OF_TOKENS)) // has a hop of its own
        .map(warning -> HopFinding.told(CONFIGURATION, Result.NOTICE, warning))
        .forEach(findings::add);
    return findings;
  }

  /** Whether it can be right at all. */
  static HopFinding clock(long wallMs) {
    String says = Timestamps.format(wallMs);
    return wallMs >= YEAR_2024_MS
        ? HopFinding.ok(CLOCK, says)
        : HopFinding.failed(
            CLOCK,
            "says " + says,
            "set it, by NTP for example, before anything starts: records are dated by it, and no"
                + " certificate is valid yet");
  }

  private void walk(Config config, Visit visit) {
    Vertx vertx = vertx();
    try {
      List<Step> steps = new ArrayList<>();
      if (config.edge() != null) {
        steps.addAll(EdgeSteps.of(vertx, config, time));
      }
      if (config.server() != null) {
        steps.addAll(ServerSteps.of(vertx, config, time));
      }
      visit.go(vertx, steps);
    } finally {
      close(vertx);
    }
  }

  private static Vertx vertx() {
    FileSystemOptions files =
        new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false);
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(WORKERS)
            .setFileSystemOptions(files));
  }

  /** What hangs is left: the process ends. */
  private static void close(Vertx vertx) {
    try {
      vertx.close().await(CLOSE_WITHIN_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException hangs) {
      log.debug("[doctor] something is still open");
    }
  }
}
