package io.spillway.tools;

import io.spillway.time.TimeSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Proves from the journals alone that nothing is missing, twice, out of order or torn. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Reads journals and reports records, gaps, duplicates, order and torn lines.",
      "A journal that does not begin at 1 has been shortened by retention: no fault."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:clean", "1:a fault was found, or a file could not be read", "2:wrong usage"})
public final class Verify implements Callable<Integer> {
  private static final int RANGES_MAX = 200_000; // about 20 MB

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE|DIR",
      description = "a journal (.ndjson or .gz), or a directory of them")
  private List<Path> named;

  @Option(names = "--json", description = "print one JSON object instead of text")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    SequenceAudit audit = new SequenceAudit(RANGES_MAX);
    long startedNs = TimeSource.SYSTEM.nanoTime();
    check(JournalFiles.of(named, audit), audit);
    Report report = new Report(audit, Duration.ofNanos(TimeSource.SYSTEM.nanoTime() - startedNs));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      report.json(out);
    } else {
      report.text(out);
    }
    return audit.isClean() ? 0 : 1;
  }

  private static void check(List<Path> files, SequenceAudit audit) throws InterruptedException {
    ExecutorService reader = Executors.newSingleThreadExecutor(Verify::readerThread);
    try (Progress progress = Progress.over(files)) {
      JournalCheck check = new JournalCheck(audit, reader, progress::read);
      for (Path file : files) {
        check.check(file);
      }
    } finally {
      reader.shutdownNow();
    }
  }

  private static Thread readerThread(Runnable work) {
    Thread thread = new Thread(work, "verify-reader");
    thread.setDaemon(true);
    return thread;
  }
}
