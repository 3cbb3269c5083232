package io.spillway.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files to check, in the order in which they were written.
 *
 * <p>A directory stands for its journals: closed segments {@code <name>-<20-digit first offset>},
 * then the active one, {@code <name>.ndjson}. Quarantine and {@code rejected.ndjson} are no part of
 * a journal. The same file named twice is read once.
 */
final class JournalFiles {
  private static final Pattern NAME = Pattern.compile("(.+?)(?:-(\\d{20}))?\\.ndjson(\\.gz)?");
  private static final String REJECTED = "rejected";
  private static final Comparator<Segment> WRITTEN =
      Comparator.comparing(Segment::journal).thenComparing(Segment::position);

  private final SequenceAudit audit;
  private final Set<Path> seen = new LinkedHashSet<>();
  private final List<Path> files = new ArrayList<>();

  private JournalFiles(SequenceAudit audit) {
    this.audit = audit;
  }

  /** What cannot be listed becomes a problem in the ledger, not an exception. */
  static List<Path> of(List<Path> named, SequenceAudit audit) {
    JournalFiles journals = new JournalFiles(audit);
    named.forEach(journals::add);
    return journals.files;
  }

  private void add(Path named) {
    try {
      if (Files.isDirectory(named)) {
        addDirectory(named);
      } else if (seen.add(named.toRealPath())) {
        files.add(named);
      }
    } catch (IOException error) {
      audit.problem(named, FileFault.words(error));
    }
  }

  private void addDirectory(Path directory) throws IOException {
    List<Segment> segments;
    try (Stream<Path> entries = Files.list(directory)) {
      segments =
          entries
              .flatMap(file -> Segment.of(file).stream())
              .filter(segment -> !segment.journal.equals(REJECTED))
              .sorted(WRITTEN.thenComparing(Segment::file))
              .toList();
    }
    if (segments.isEmpty()) {
      LedgerBook said = new LedgerBook(0);
      new NoJournal(said).tell(directory);
      audit.problems.addAll(said.problems);
      audit.notes.addAll(said.notes);
    }
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      if (i > 0 && WRITTEN.compare(segments.get(i - 1), segment) == 0) {
        audit.note(segment.file, "not read: the same segment is here uncompressed");
      } else if (seen.add(segment.file.toRealPath())) {
        files.add(segment.file);
      }
    }
  }

  /** The position of the active segment is behind all closed ones; plain sorts before gzip. */
  private record Segment(Path file, String journal, String position) {
    static Optional<Segment> of(Path file) {
      Matcher name = NAME.matcher(file.getFileName().toString());
      return name.matches()
          ? Optional.of(
              new Segment(file, name.group(1), name.group(2) == null ? "active" : name.group(2)))
          : Optional.empty();
    }
  }
}
