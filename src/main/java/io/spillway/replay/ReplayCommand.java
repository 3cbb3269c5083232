package io.spillway.replay;

import io.spillway.config.PemFile;
import io.spillway.tools.FileFault;
import io.spillway.tools.Misuse;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends journals, or what was rejected, once more: to a server, or to a broker. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Sends journals or rejected.ndjson once more, to a server or a broker.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = {
      "replay [OPTION]... --server URL FILE|DIR...",
      "       replay [OPTION]... --mqtt URL --to-topic TOPIC FILE|DIR..."
    },
    description = {
      "",
      "To a server twice is once: it knows what it has acknowledged, so the same command goes on"
          + " where it was stopped, and of a source that has grown it sends what is new. FILE.replay"
          + " beside the source notes what a broker has acknowledged.",
      "",
      "What was rejected is sent if the reason is mended. A line that cannot be sent is told, and"
          + " passed over.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all that was chosen is there",
      "1:it ended before that; the same command goes on",
      "2:wrong usage",
      "3:all was gone through; some lines could not be sent, or the server has set them aside"
    })
public final class ReplayCommand implements Callable<Integer> {
  static final int ENDED_BEFORE = 1;
  static final int SOME_NOT_SENT = 3;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE|DIR",
      description =
          "a segment, rejected.ndjson, or another file with a JSON object a line, also .gz; or the"
              + " directory of a journal")
  private List<Path> named = List.of();

  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final BrokerOptions broker = new BrokerOptions();

  @Option(
      names = "--ca-file",
      paramLabel = "PEM",
      description = "authorities to trust for wss:// and mqtts://; else those of Java")
  private Path caFile;

  @Mixin private final ChoiceOptions chosen = new ChoiceOptions();

  @Option(names = "--rate", paramLabel = "N/s", description = "at most so many lines a second")
  private String rate;

  @Option(names = "--dry-run", description = "read and judge all, send and note nothing")
  private boolean dryRun;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Choice choice;
    Pace pace;
    try {
      choice = check();
      pace = pace();
    } catch (IllegalArgumentException wrong) {
      throw new Misuse(spec.commandLine(), wrong.getMessage());
    }
    Vertx vertx = Vertx.vertx(options());
    try {
      int code = 0;
      for (Path each : named) {
        int ofThis = replay(vertx, each, choice, pace);
        if (ofThis == ENDED_BEFORE) {
          return ofThis;
        }
        code = Math.max(code, ofThis);
      }
      return code;
    } finally {
      vertx.close().otherwiseEmpty().await();
    }
  }

  private static VertxOptions options() {
    return new VertxOptions()
        .setEventLoopPoolSize(1)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setClassPathResolvingEnabled(false)
                .setFileCachingEnabled(false));
  }

  private Choice check() {
    if (named.isEmpty()) {
      throw new IllegalArgumentException("Missing: FILE|DIR");
    }
    if (server.isGiven() == broker.isGiven()) {
      throw new IllegalArgumentException(
          server.isGiven()
              ? "--server and --mqtt: one or the other"
              : "Missing: --server URL, or --mqtt URL and --to-topic TOPIC");
    }
    String stray = server.isGiven() ? broker.stray() : server.stray();
    if (stray != null) {
      throw new IllegalArgumentException(
          stray + " is for " + (server.isGiven() ? "--mqtt" : "--server"));
    }
    if (server.isGiven()) {
      server.check();
    } else {
      broker.check();
    }
    if (broker.isGiven() && chosen.isWrapping()) {
      throw new IllegalArgumentException(
          "--wrap is for --server: a broker gets the bytes, and the edge behind it has"
              + " edge.mqtt.scalars");
    }
    String untrusted = caFile == null ? "" : PemFile.fault(caFile);
    if (!untrusted.isEmpty()) {
      throw new IllegalArgumentException("--ca-file names " + untrusted);
    }
    return chosen.choice();
  }

  private Pace pace() {
    Pace pace = rate == null ? Pace.unlimited() : Pace.of(rate);
    if (pace == null) {
      throw new IllegalArgumentException("--rate: lines a second, as in 100/s or 0.5/s");
    }
    return pace;
  }

  private int replay(Vertx vertx, Path each, Choice choice, Pace pace) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      LineSource source = Files.isDirectory(each) ? SegmentSource.of(each) : FileSource.of(each);
      Way way =
          server.isGiven()
              ? server.way(vertx, caFile, source.identity(), choice)
              : broker.way(vertx, caFile, choice);
      ReplayRun run = new ReplayRun(source, choice, way, out, err);
      return dryRun ? run.dry() : run.run(vertx, pace);
    } catch (IOException error) {
      err.println("spillway: " + each + ": " + FileFault.words(error));
      return ENDED_BEFORE;
    }
  }
}
