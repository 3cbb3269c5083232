package io.spillway.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What has been read of one epoch, in whatever order the files came. */
final class EpochBook {
  private static final int REASONS_MAX = 20;
  private static final int REASONS_SHOWN = 3;
  private static final String OTHERS = "other reasons";

  private final Sequence.Budget budget;
  private final Contents contents;
  private final Map<String, Long> reasons = new TreeMap<>();
  private Sequence stored;
  private Sequence inSpool;
  private Sequence setAside;
  private Sequence claimed;
  private Drops drops = new Drops(Numbers.NONE, 1, Numbers.NONE);
  private long given = 1;
  private long mark = 1;
  private long acknowledged = 1;
  private long untold;

  private final Kept kept = new Kept();

  /** The lowest of those stored that retention has not taken out. */
  private static final class Kept {
    private long lowest = Long.MAX_VALUE;

    /** The same of the journals that were read before. */
    private long before = Long.MAX_VALUE;

    void forget() {
      lowest = Long.MAX_VALUE;
      before = Long.MAX_VALUE;
    }
  }

  /** See {@link #dropped}. */
  private record Drops(Numbers numbers, long noted, Numbers open) {}

  /**
   * @param budget ranges that all books together may keep
   * @param contentPages of what spools hold, that all together may keep
   */
  EpochBook(Sequence.Budget budget, Sequence.Budget contentPages) {
    this.budget = budget;
    contents = new Contents(contentPages);
  }

  /** The journal has it in {@code line[from, to)}. */
  void stored(long seq, byte[] line, int from, int to) {
    stored = add(stored, seq);
    kept.lowest = Math.min(kept.lowest, seq);
    contents.stored(seq, line, from, to);
  }

  /**
   * @param content see {@link Contents#of}
   */
  void inSpool(long seq, long content) {
    inSpool = add(inSpool, seq);
    contents.inSpool(seq, content);
  }

  void setAside(long seq, String reason) {
    setAside = add(setAside, seq);
    boolean room = reasons.size() < REASONS_MAX || reasons.containsKey(reason);
    reasons.merge(room ? reason : OTHERS, 1L, Long::sum);
  }

  /** The journal has a record of a plain client that came with this number. */
  void claimed(long seq) {
    claimed = add(claimed, seq);
  }

  /** A range more is kept than there is room for when all is spent: one for each book and kind. */
  private Sequence add(Sequence to, long seq) {
    if (to == null) {
      budget.take();
      return new Sequence(seq, budget);
    }
    to.add(seq);
    return to;
  }

  /** Something was set aside, and it does not say which number that had. */
  void setAsideUntold() {
    untold++;
  }

  /** What was read of the journal has gone from the disk meanwhile. */
  void forgetStored() {
    stored = null;
    claimed = null;
    kept.forget();
  }

  /** What is stored from now on is of another journal. */
  void beginJournal() {
    kept.before = kept.lowest;
  }

  /** What was read of this journal so far retention has taken out, and its files are there yet. */
  void takenOut() {
    kept.lowest = kept.before;
  }

  /** What the spool holds, compared with what the journal has stored under the same numbers. */
  Contents contents() {
    return contents;
  }

  /** Numbers in front of {@code next} were given out. */
  void given(long next) {
    given = Math.max(given, next);
  }

  /** The server had everything in front of {@code next}, or had gone over it. */
  void mark(long next) {
    mark = Math.max(mark, next);
  }

  /** The edge knew that the server had everything in front of {@code next}. */
  void acknowledged(long next) {
    acknowledged = Math.max(acknowledged, next);
  }

  /**
   * Dropped by policy: these, and no others from {@code noted} on.
   *
   * @param open of these the edge had not heard whether the server has them: they may have been
   *     under way
   */
  void dropped(Numbers numbers, long noted, Numbers open) {
    drops = new Drops(numbers, noted, open);
  }

  /** Of what was dropped, what may have been under way. */
  Numbers underWay(EpochProof of) {
    return of.dropped().and(drops.open);
  }

  /** Behind the last that is noted as dropped; 1 if none is. */
  long droppedEnd() {
    return drops.numbers.end();
  }

  /** Behind the last that the spool holds; 1 if it holds none. */
  long spoolEnd() {
    return end(inSpool);
  }

  /** There is a spool of it, or was, that may have dropped without a note. */
  void mayHaveDropped() {
    drops = new Drops(drops.numbers, Long.MAX_VALUE, drops.open);
  }

  EpochEvidence evidence(Head head) {
    long highest = Stream.of(stored, inSpool, setAside).mapToLong(EpochBook::end).max().orElse(1);
    long end = Math.max(Math.max(highest, drops.numbers.end()), Math.max(given, mark));
    long certain =
        Stream.of(stored, inSpool, setAside).mapToLong(EpochBook::certainFrom).max().orElse(1);
    return new EpochEvidence(
        numbers(stored),
        numbers(inSpool),
        numbers(setAside),
        drops.numbers,
        end,
        mark,
        acknowledged,
        drops.noted,
        certain,
        head,
        kept.lowest == Long.MAX_VALUE ? mark : kept.lowest,
        numbers(claimed));
  }

  /** What the server has, or has gone over. */
  Numbers knownToServer() {
    return Numbers.between(1, mark).plus(numbers(stored));
  }

  private static long end(Sequence of) {
    return of == null ? 1 : of.last() + 1;
  }

  private static long certainFrom(Sequence of) {
    return of == null ? 1 : of.certainFrom();
  }

  private static Numbers numbers(Sequence of) {
    return of == null ? Numbers.NONE : Numbers.of(of.ranges());
  }

  // --- what is wrong whatever became of the rest

  boolean isFaulty() {
    return storedTwice() + storedLate() + unplaced() + twiceInSpool() + contents.differing() > 0;
  }

  /** Lines of numbers that were there already. */
  long storedTwice() {
    return stored == null ? 0 : stored.duplicates();
  }

  /** Lines that came behind a higher number. */
  long storedLate() {
    return stored == null ? 0 : stored.outOfOrder();
  }

  /** Lines of which it is not known any more whether they are late or twice. */
  long unplaced() {
    return stored == null ? 0 : stored.unplaced();
  }

  /** Lines of plain clients with numbers that others of them had. */
  long claimedTwice() {
    return claimed == null ? 0 : claimed.duplicates();
  }

  long twiceInSpool() {
    return inSpool == null ? 0 : inSpool.duplicates();
  }

  /** Lines in {@code rejected.ndjson} that do not say which number they had. */
  long untold() {
    return untold;
  }

  /** Why numbers were set aside, and how often, the most frequent reason first. */
  List<Map.Entry<String, Long>> reasons() {
    List<Map.Entry<String, Long>> sorted = new ArrayList<>(reasons.entrySet());
    sorted.sort(Map.Entry.<String, Long>comparingByValue().reversed());
    return sorted;
  }

  /** The most frequent of them, as {@code 3 × too large; 1 × not a JSON object}. */
  String reasonsInWords() {
    String few =
        reasons().stream()
            .limit(REASONS_SHOWN)
            .map(each -> each.getValue() + " × " + each.getKey())
            .collect(Collectors.joining("; "));
    return reasons.size() > REASONS_SHOWN ? few + "; …" : few;
  }
}
