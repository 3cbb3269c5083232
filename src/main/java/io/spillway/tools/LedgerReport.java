package io.spillway.tools;

import io.spillway.message.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What became of every number, for people. */
final class LedgerReport {
  private static final String ROW = "%-20s %-10s %12s %12s %9s %9s %9s %12s %9s %9s%n";
  private static final int RANGES_SHOWN = 5;
  private static final int SHOWN = 10;

  private final LedgerBook book;
  private final Map<String, EpochProof> proofs = new TreeMap<>();

  LedgerReport(LedgerBook book) {
    this.book = book;
    for (String series : book.epochs.keySet()) {
      EpochProof proof = book.proof(series);
      if (proof.given() > 1) {
        proofs.put(series, proof);
      }
    }
  }

  /** What became of the numbers, by {@code <edge>.<epoch>}. */
  Map<String, EpochProof> proofs() {
    return proofs;
  }

  /** How it ended. */
  Outcome outcome() {
    boolean faulty = !book.problems.isEmpty();
    boolean whole = book.noOffsets.isEmpty() && book.unchecked == 0 && book.openEnds.isEmpty();
    whole &= book.beyondSpool.isEmpty() && unseen().isEmpty() && untold().isEmpty();
    for (Map.Entry<String, EpochProof> each : proofs.entrySet()) {
      EpochBook epoch = book.epochs.get(each.getKey());
      whole &= epoch.contents().left() == 0;
      faulty |= !each.getValue().missing().isEmpty() || epoch.isFaulty();
      whole &= each.getValue().isWhole();
    }
    return faulty ? Outcome.FAULTY : whole ? Outcome.PROVEN : Outcome.NOT_PROVEN;
  }

  /** Whether it could be seen what waits: the spool of that edge was read. */
  boolean hasSpool(String series) {
    return book.edges.contains(LedgerBook.edge(series));
  }

  /** Edges that the server knows, also if it has nothing of them, and whose spool was not read. */
  private List<String> unseen() {
    return book.epochs.keySet().stream()
        .filter(series -> !hasSpool(series))
        .map(LedgerBook::edge)
        .distinct()
        .toList();
  }

  /** Epochs that the server knows of, of an edge whose spool was read and tells nothing of them. */
  private List<String> untold() {
    return book.epochs.entrySet().stream()
        .filter(each -> hasSpool(each.getKey()) && !book.told.contains(each.getKey()))
        .filter(each -> !each.getValue().knownToServer().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  void text(PrintWriter out, double seconds) {
    print(
        out,
        "%,d records in %d files, %.1f MB in %.1f s%n",
        book.records,
        book.files,
        book.bytes / 1e6,
        seconds);
    if (book.withoutSequence > 0) {
      print(out, "%,d records that no edge sent: nothing to check%n", book.withoutSequence);
    }
    if (!proofs.isEmpty()) {
      table(out);
    }
    proofs.forEach((series, proof) -> sentences(series, proof).forEach(line -> line(out, line)));
    remarks().forEach(line -> line(out, line));
    book.notes.forEach(line -> line(out, line));
    book.problems.forEach(line -> line(out, line));
    if (book.moreProblems > 0) {
      print(out, "… and %,d more%n", book.moreProblems);
    }
    out.println(outcome().words());
    out.flush();
  }

  private void table(PrintWriter out) {
    out.println();
    print(
        out,
        ROW,
        "edge",
        "epoch",
        "given out",
        "stored",
        "set aside",
        "dropped",
        "waiting",
        "no more here",
        "not known",
        "missing");
    proofs.forEach(
        (series, of) ->
            print(
                out,
                ROW,
                Printable.of(LedgerBook.edge(series)),
                Printable.of(LedgerBook.epoch(series)),
                of.given() - 1,
                dash(of.stored()),
                dash(of.setAside()),
                dash(of.dropped()),
                hasSpool(series) ? dash(of.waiting()) : "?",
                dash(of.deleted()),
                dash(of.unknown()),
                dash(of.missing())));
    out.println();
  }

  private static String dash(Numbers numbers) {
    return numbers.isEmpty() ? "-" : Long.toString(numbers.count());
  }

  /** What there is to say of one epoch, a line each. */
  List<String> sentences(String series, EpochProof of) {
    EpochBook epoch = book.epochs.get(series);
    List<String> said = new ArrayList<>();
    if (!of.missing().isEmpty()) {
      said.add("missing " + few(of.missing()));
    }
    if (!of.acknowledgedAndHeld().isEmpty()) {
      said.add(
          "of the missing, %s are in the spool still, and will not be sent: the server had"
                  .formatted(few(of.acknowledgedAndHeld()))
              + " acknowledged them");
    }
    if (!of.missing().isEmpty() && !hasSpool(series)) {
      said.add("whether they wait, or were set aside or dropped at the edge, only --edge can tell");
    }
    count(said, epoch.storedTwice(), "%,d records are stored twice under one number");
    count(said, epoch.storedLate(), "%,d records are stored behind a higher number");
    count(said, epoch.unplaced(), "%,d records came too late to tell whether they are twice");
    count(said, epoch.twiceInSpool(), "%,d records are in the spool twice");
    if (!of.setAside().isEmpty()) {
      said.add("set aside %s: %s".formatted(few(of.setAside()), epoch.reasonsInWords()));
    }
    count(said, epoch.untold(), "%,d lines of rejected.ndjson do not say which number they had");
    if (!of.dropped().isEmpty()) {
      said.add("dropped %s, as edge.spool.whenFull says".formatted(few(of.dropped())));
    }
    if (!epoch.underWay(of).isEmpty()) {
      said.add(
          "of the dropped, %s may have been under way: the edge has not heard since whether the"
                  .formatted(few(epoch.underWay(of)))
              + " server has them, and these data do not");
    }
    if (!of.claimed().isEmpty()) {
      said.add(
          "there by their sender's word %s: they came without acknowledgements (edge.uplink.mode"
                  .formatted(few(of.claimed()))
              + " plain), and have the number as _claimed_id, which any plain client could give");
      count(said, epoch.claimedTwice(), "%,d records came so more than once, as they may");
    }
    if (!of.deleted().isEmpty()) {
      said.add("not checkable %s: deleted by retention".formatted(few(of.deleted())));
    }
    if (!of.unknown().isEmpty()) {
      said.add(
          "not known %s: nothing tells whether they were deleted by retention, dropped by a"
                  .formatted(few(of.unknown()))
              + " policy, or lost");
    }
    Contents contents = epoch.contents();
    if (contents.differing() > 0) {
      said.add(
          String.format(
              Locale.ROOT,
              "%,d numbers hold different records in spool and journal: first %d",
              contents.differing(),
              contents.firstDiffering()));
    }
    count(
        said,
        contents.left(),
        "%,d records in spool and journal could not be compared: too many to remember");
    count(
        said,
        of.storedAndHeld() - contents.differing(),
        "%,d of those stored are in the spool as well, which lets go of them later: that is fine");
    return said.stream().map(words -> series + ": " + words).toList();
  }

  private static void count(List<String> said, long count, String words) {
    if (count > 0) {
      said.add(String.format(Locale.ROOT, words, count));
    }
  }

  private static String few(Numbers numbers) {
    return numbers.few(RANGES_SHOWN);
  }

  /** What there is to say of all together. */
  private List<String> remarks() {
    List<String> said = new ArrayList<>();
    SuspectedDuplicates suspected = book.suspected;
    count(
        said,
        suspected.count(),
        "suspected duplicates: %,d records have topic, bytes and MQTT packet identifier of an"
            + " earlier one, and came on another connection of the session");
    suspected
        .shown()
        .forEach(
            pair ->
                said.add("  %s: %d as %d".formatted(pair.series(), pair.seq(), pair.earlier())));
    count(
        said,
        suspected.untold(),
        "%,d times it cannot be told whether a message that the broker sent again is stored twice");
    count(
        said,
        suspected.older(),
        "%,d records in the spool have no packet identifiers, as version 0.1 stored them, or since"
            + " they were given new numbers: whether any is a duplicate is not known");
    if (!book.noOffsets.isEmpty()) {
      said.add(
          "offsets %s of the journal are in no segment: records of plain clients that were there"
                  .formatted(few(book.noOffsets))
              + " cannot be told");
    }
    book.openEnds.forEach(
        series ->
            said.add(
                series
                    + ": not checkable: how far numbers were given out, for the files of its spool"
                    + " do not say, or contradict each other; what was behind the last number here"
                    + " may be lost"));
    book.beyondSpool.forEach(
        (series, numbers) ->
            said.add(
                series
                    + ": the server knows %s, which this spool has not given out: it is of an earlier"
                        .formatted(few(numbers))
                    + " time, or cut, and would give them to other records. What it had there is"
                    + " not known. Put the newer spool back; or start it where it reaches the"
                    + " server, and it begins a new epoch by itself"));
    List<String> unseen = unseen();
    if (!unseen.isEmpty()) {
      said.add(
          "what waits in the spools of %s is not known: name them with --edge"
              .formatted(some(unseen)));
    }
    List<String> untold = untold();
    if (!untold.isEmpty()) {
      said.add(
          "no spool here, nor its ends.json, tells of %s, which the server knows: what of it may wait"
                  .formatted(some(untold))
              + " elsewhere, or be lost, is not known. Name the directory that it was in with --edge"
              + " as well");
    }
    count(said, book.unchecked, "too many epochs to remember: not checked");
    return said;
  }

  private static String some(List<String> names) {
    String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    return names.size() > SHOWN ? shown + ", …" : shown;
  }

  private static void line(PrintWriter out, String words) {
    out.println(Printable.of(words));
  }

  private static void print(PrintWriter out, String format, Object... values) {
    out.printf(Locale.ROOT, format, values);
  }
}
