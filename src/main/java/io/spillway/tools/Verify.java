package io.spillway.tools;

import io.spillway.time.TimeSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Proves from the files alone that nothing is missing, twice, out of order or torn: of journals by
 * themselves, or of a server and its edges together.
 */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    header = "Proves from the files alone that nothing is missing.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = {
      "verify [--json] FILE|DIR...",
      "       verify [--json] --server DATA [--edge SPOOL]..."
    },
    description = {
      "",
      "FILE|DIR: reads journals and reports records, gaps, duplicates, order and torn lines. What"
          + " rejected.ndjson in the same directory has set aside is no gap. A journal that does"
          + " not begin at 1 has been shortened by retention: no fault.",
      "",
      "--server and --edge: the whole ledger. Every number that an edge has given out is stored,"
          + " set aside with its reason, dropped by a policy, or waits; what is none of these is"
          + " missing. The processes may be running, the directories may be copies, and nothing is"
          + " written.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:clean; every number is accounted for",
      "1:a fault was found, or a file could not be read",
      "2:wrong usage",
      "3:no fault, and not everything could be checked: retention has deleted it, the spool of an"
          + " edge was not named, has no acknowledged or is of an earlier time, a number is there by"
          + " its sender's word alone, or version 0.1 has not noted it"
    })
public final class Verify implements Callable<Integer> {
  private static final int RANGES_MAX = 200_000; // about 20 MB
  private static final int SPOOL_READS_MAX = 3;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE|DIR",
      description = "a journal (.ndjson or .gz), or a directory of them")
  private List<Path> named = List.of();

  @Option(
      names = "--server",
      paramLabel = "DATA",
      description = "the directory of a server (server.journal.dir)")
  private Path server;

  @Option(
      names = "--edge",
      paramLabel = "SPOOL",
      description = "the directory of an edge (edge.spool.dir); once for each edge")
  private List<Path> edges = List.of();

  @Option(names = "--json", description = "print one JSON object instead of text")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (server == null && !edges.isEmpty()) {
      throw wrong("--edge needs --server: it is the two together that prove something");
    }
    if ((server == null) == named.isEmpty()) {
      throw wrong(
          named.isEmpty()
              ? "Missing: FILE|DIR, or --server DATA"
              : "FILE|DIR and --server: one or the other");
    }
    if (server == null) {
      return journals();
    }
    mustBeDirectory("--server", server, "server.journal.dir");
    for (Path edge : edges) {
      mustBeDirectory("--edge", edge, "edge.spool.dir");
    }
    return ledger();
  }

  private void mustBeDirectory(String option, Path named, String key) {
    if (!Files.isDirectory(named)) {
      String what = Files.exists(named) ? "is a file" : "there is no such directory";
      throw wrong(
          ("%s %s: %s; name the directory that %s of the configuration names, or check one journal by"
                  + " itself: verify FILE")
              .formatted(option, named, what, key));
    }
  }

  private Misuse wrong(String usage) {
    return new Misuse(spec.commandLine(), usage);
  }

  private int journals() throws IOException, InterruptedException {
    SequenceAudit audit = new SequenceAudit(RANGES_MAX);
    long startedNs = TimeSource.SYSTEM.nanoTime();
    check(named, audit);
    Report report = new Report(audit, Duration.ofNanos(TimeSource.SYSTEM.nanoTime() - startedNs));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      report.json(out);
    } else {
      report.text(out);
    }
    return audit.isClean() ? 0 : 1;
  }

  private int ledger() throws IOException, InterruptedException {
    long startedNs = TimeSource.SYSTEM.nanoTime();
    LedgerBook book = read();
    double seconds = (TimeSource.SYSTEM.nanoTime() - startedNs) / 1e9;
    LedgerReport report = new LedgerReport(book);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      new LedgerJson(book, report).print(out, seconds);
    } else {
      report.text(out, seconds);
    }
    return report.outcome().exitCode();
  }

  /** The edges first: what leaves a spool while it is read is at the server by then. */
  private LedgerBook read() throws IOException, InterruptedException {
    Set<Path> spools = new LinkedHashSet<>();
    for (Path edge : edges) {
      spools.add(Files.exists(edge) ? edge.toRealPath() : edge);
    }
    List<Path> all = new ArrayList<>(spools);
    all.add(server);
    try (Progress progress = Progress.over(files(all))) {
      LedgerBook book = readSpools(spools, progress);
      Map<String, Long> ends = book.ends();
      try (FileLines files = new FileLines(bytes -> count(bytes, progress, book))) {
        new ServerFiles(book, files).read(server);
      }
      book.compare(ends);
      if (!book.beyondSpool.isEmpty()) { // or they have gone on meanwhile, as edges that run do
        LedgerBook later = readSpools(spools, progress);
        ends.replaceAll((series, end) -> Math.max(end, later.ends().getOrDefault(series, end)));
        book.compare(ends);
      }
      return book;
    }
  }

  /** Once more if an epoch was put aside meanwhile, which is rare. */
  private static LedgerBook readSpools(Set<Path> spools, Progress progress)
      throws InterruptedException {
    for (int left = SPOOL_READS_MAX; ; left--) {
      LedgerBook book = new LedgerBook(RANGES_MAX);
      List<Path> changed = new ArrayList<>();
      try (FileLines files = new FileLines(bytes -> count(bytes, progress, book))) {
        EdgeFiles edge = new EdgeFiles(book, files);
        for (Path spool : spools) {
          if (!edge.read(spool)) {
            changed.add(spool);
          }
        }
      }
      if (changed.isEmpty() || left == 1) {
        changed.forEach(spool -> book.problem(spool, "puts epochs aside while it is read"));
        return book;
      }
    }
  }

  /** About what will be read, for the progress bar. */
  private static List<Path> files(List<Path> directories) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path dir : directories) {
      if (Files.isReadable(dir) && Files.isDirectory(dir)) {
        try (Stream<Path> entries = Files.list(dir)) {
          entries.filter(file -> file.toString().contains(".ndjson")).forEach(files::add);
        }
      }
    }
    return files;
  }

  private static void count(long bytes, Progress progress, LedgerBook book) {
    progress.read(bytes);
    book.bytes += bytes;
  }

  private static void check(List<Path> named, SequenceAudit audit) throws InterruptedException {
    List<Path> journals = JournalFiles.of(named, audit);
    try (Progress progress = Progress.over(journals);
        FileLines files = new FileLines(bytes -> count(bytes, progress, audit))) {
      JournalCheck check = new JournalCheck(audit, files);
      for (Path file : journals) {
        check.check(file);
      }
      LedgerBook setAside = new LedgerBook(RANGES_MAX);
      audit.sequences.keySet().forEach(setAside::of);
      RejectedLines rejected = new RejectedLines(setAside, files);
      for (Path dir : named) {
        if (Files.isDirectory(dir)) {
          rejected.read(dir);
        }
      }
      setAside.epochs.forEach(audit::setAside);
      audit.notes.addAll(setAside.notes);
      audit.problems.addAll(setAside.problems);
    }
  }

  private static void count(long bytes, Progress progress, SequenceAudit audit) {
    progress.read(bytes);
    audit.bytes += bytes;
  }
}
