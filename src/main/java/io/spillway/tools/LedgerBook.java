package io.spillway.tools;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** All that has been read of a server and its edges. */
final class LedgerBook {
  private static final int PROBLEMS_MAX = 50;

  /** Whoever could send records to version 0.1 could invent as many as they liked. */
  private static final int EPOCHS_MAX = 50_000;

  /** Four million records of spools, which take 32 MB. */
  private static final int CONTENT_PAGES_MAX = 4_000;

  final Map<String, EpochBook> epochs = new TreeMap<>();
  final List<String> problems = new ArrayList<>();
  final List<String> notes = new ArrayList<>();

  /** Names of edges of which there is a spool. */
  final Set<String> edges = new HashSet<>();

  /** Epochs of spools that are there and give numbers out. */
  final Set<String> spools = new TreeSet<>();

  /** Epochs of which a spool or its {@code ends.json} tells. */
  final Set<String> told = new HashSet<>();

  /** Those of which the server knows more numbers than the spool has given out: these, and on. */
  final Map<String, Numbers> beyondSpool = new TreeMap<>();

  /** Epochs of which the edge has noted what it dropped. */
  final Set<String> noted = new HashSet<>();

  /**
   * Epochs whose {@code acknowledged} is not there, or not to be believed: how far numbers were
   * given out only their records tell, and the last of these may be gone. Of a spool of which
   * nothing says whose it is, its path.
   */
  final Set<String> openEnds = new TreeSet<>();

  final SuspectedDuplicates suspected = new SuspectedDuplicates();
  Head head = Head.HELD;

  /** Offsets of the journal that are in no segment. */
  Numbers noOffsets = Numbers.NONE;

  long records;
  long withoutSequence;
  long bytes;
  int files;
  long moreProblems;

  /** Times that the epoch changed to one that there is no more room for. */
  long unchecked;

  private final Sequence.Budget budget;
  private final Sequence.Budget contentPages = new Sequence.Budget(CONTENT_PAGES_MAX);
  private String lastSeries = "";
  private EpochBook last;

  /**
   * @param rangesMax ranges to keep over all epochs; about 100 bytes each
   */
  LedgerBook(int rangesMax) {
    budget = new Sequence.Budget(rangesMax);
  }

  /** Of {@code <edge>.<epoch>}; of one too many a book that is not kept. */
  EpochBook of(String series) {
    if (!series.equals(lastSeries)) {
      last = epochs.get(series);
      lastSeries = series;
      if (last == null) {
        last = new EpochBook(budget, contentPages);
        if (epochs.size() < EPOCHS_MAX) {
          epochs.put(series, last);
        } else {
          unchecked++;
        }
      }
    }
    return last;
  }

  /** A record of a plain client: of a number that it had only where there is such an epoch. */
  void claimed(RecordLine record) {
    if (record.claimedSeq() > 0 && epochs.containsKey(record.claimedSeries())) {
      of(record.claimedSeries()).claimed(record.claimedSeq());
    }
  }

  /** Whether this is of an epoch that was heard of, or of an edge whose spool is there. */
  boolean knows(String series) {
    return epochs.containsKey(series) || (series.indexOf('.') > 0 && edges.contains(edge(series)));
  }

  /** Something about a file that is a fault. */
  void problem(Path file, String what) {
    if (problems.size() < PROBLEMS_MAX) {
      problems.add(file + ": " + what);
    } else {
      moreProblems++;
    }
  }

  /** Something about a file that is worth a line, but no fault. */
  void note(Path file, String what) {
    notes.add(file + ": " + what);
  }

  /**
   * The lowest number of each epoch that its spool has not given out, of a book of spools alone.
   */
  Map<String, Long> ends() {
    Map<String, Long> ends = new TreeMap<>();
    for (String series : spools) {
      EpochBook epoch = epochs.get(series);
      ends.put(series, epoch == null ? 1 : epoch.evidence(Head.HELD).given());
    }
    return ends;
  }

  /**
   * The server has been read as well: what it knows of an epoch, and its spool has not given out,
   * says that the spool is of an earlier time.
   *
   * @param ends what {@link #ends} said of the spools
   */
  void compare(Map<String, Long> ends) {
    beyondSpool.clear();
    ends.forEach(
        (series, end) -> {
          EpochBook epoch = epochs.get(series);
          Numbers beyond = epoch == null ? Numbers.NONE : epoch.knownToServer().from(end);
          if (!beyond.isEmpty()) {
            beyondSpool.put(series, beyond);
          }
        });
  }

  /** What became of the numbers of an epoch, by all that was read. */
  EpochProof proof(String series) {
    EpochBook epoch = epochs.get(series);
    if (edges.contains(edge(series)) && !noted.contains(series)) {
      epoch.mayHaveDropped();
    }
    return EpochProof.of(epoch.evidence(head));
  }

  /** The name of an edge: an epoch has no dot, a name may. */
  static String edge(String series) {
    return series.substring(0, series.lastIndexOf('.'));
  }

  static String epoch(String series) {
    return series.substring(series.lastIndexOf('.') + 1);
  }
}
