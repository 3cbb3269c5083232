package io.spillway.journal;

import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a directory into order and finds out what is in it, after a clean stop, a crash at any
 * point, or damage. Damage is never a reason not to start; a directory that cannot be read is.
 */
final class Recovery {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);

  private final JournalOptions options;
  private final Layout layout;
  private final State known;
  private final Damages damages;
  private final Disk disk;
  private final TimeSource time;
  private final Quarantine quarantine;
  private final Repair repair;
  private final List<Segment> closed = new ArrayList<>();
  private long records;
  private long tornBytes;

  /**
   * @param exists whether the active segment's file is there
   * @param oldestRecord when it got its first record, as far as known; null if it has none
   */
  record Found(
      List<Segment> closed,
      Segment active,
      boolean exists,
      Instant oldestRecord,
      RecoveryReport report) {}

  /**
   * @param known what the owner knows of the numbers from elsewhere
   * @param damages is told what is found damaged
   */
  Recovery(JournalOptions options, State known, Damages damages, Disk disk, TimeSource time) {
    this.options = options;
    this.known = known;
    this.damages = damages;
    this.layout = new Layout(options.dir(), options.name());
    this.disk = disk;
    this.time = time;
    this.quarantine = new Quarantine(options.dir(), disk, damages);
    this.repair = new Repair(layout, disk, quarantine);
  }

  Found run() throws IOException {
    new Strays(layout, quarantine).clear();
    for (Path leftover : layout.leftovers()) {
      disk.delete(leftover);
    }
    repair.finishSplit();
    List<Path> files = withoutTwins(layout.closedSegments());
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      if (options.format() == Format.FRAMED) {
        check(file, i + 1 < files.size() ? Layout.firstOf(files.get(i + 1)) : Long.MAX_VALUE);
      } else {
        nameNextOfLast(Layout.firstOf(file));
        closed.add(new Segment(file, Layout.firstOf(file), 0, Files.size(file), new SparseIndex()));
      }
    }
    return openActive();
  }

  // Both are there if a crash came between the rename of the .gz, which is whole, and the deletion.
  // The rename is on the disk by now: finishSplit has synced the directory.
  private List<Path> withoutTwins(List<Path> files) throws IOException {
    List<Path> kept = new ArrayList<>();
    for (Path file : files) {
      if (!Layout.isGzip(file) && files.contains(Layout.gzip(file))) {
        disk.delete(file);
      } else {
        kept.add(file);
      }
    }
    return kept;
  }

  private void nameNextOfLast(long next) {
    if (!closed.isEmpty()) {
      Segment last = closed.remove(closed.size() - 1);
      closed.add(last.grown(next, last.bytes()));
    }
  }

  /**
   * A closed FRAMED segment.
   *
   * @param end where the one behind it begins: numbers from there on are not its own
   */
  private void check(Path file, long end) throws IOException {
    long first = Layout.firstOf(file);
    Scan scan = SegmentScan.of(file, first, options);
    if (scan.torn() < scan.size()) {
      scan.bad(scan.torn(), scan.size(), 0); // it was whole when it was closed
    }
    // By what is intact in it: the header of what is not may have any number.
    boolean isOfAnother = scan.endOfGood() > end; // and would make those between seem to be sent
    if (scan.records() == 0 || isOfAnother) {
      quarantine.keepWhole(file, (end == Long.MAX_VALUE ? scan.next() : end) - first);
      return;
    }
    long next = Math.min(scan.next(), end);
    Path kept = file;
    if (!scan.bad().isEmpty()) {
      kept = layout.closed(first);
      repair.quarantine(file, scan.bad());
      repair.rewrite(file, scan.good(), kept);
      setAside(file, kept);
    }
    records += scan.records();
    SparseIndex sparseIndex =
        kept.equals(file) && scan.bad().isEmpty() ? scan.sparseIndex() : new SparseIndex();
    closed.add(new Segment(kept, first, next, Files.size(kept), sparseIndex));
  }

  private void setAside(Path file, Path kept) throws IOException {
    if (!file.equals(kept)) {
      quarantine.keepCopied(file);
    }
  }

  private Found openActive() throws IOException {
    Optional<StateFile.Content<State>> saved = State.read(layout.state(), damages);
    boolean checked = saved.isPresent() && saved.get().checked();
    State state = saved.map(StateFile.Content::value).orElse(known);
    boolean exists = Files.exists(layout.active());
    long first = firstOfActive(state, checked, exists);
    State written = checked || state.equals(State.NONE) ? state : null;
    Found found = openActive(written, state, first, exists);
    boolean shorter = options.format() == Format.PLAIN && found.active().next() < known.next();
    return shorter ? goOn(found) : found;
  }

  /**
   * @param written what the state file says, or would say if it were there; null if it has to be
   *     written anew
   */
  private Found openActive(State written, State state, long first, boolean exists)
      throws IOException {
    long next = Math.max(first, state.next());
    boolean framed = options.format() == Format.FRAMED;
    if (!exists || (framed && Files.size(layout.active()) == 0)) {
      return found(written, next, next, 0, false, new SparseIndex());
    }
    Scan scan = SegmentScan.of(layout.active(), first, options);
    next = framed ? Math.max(next, scan.next()) : scan.next();
    long begin = first;
    if (!scan.good().isEmpty()) {
      first = Math.max(first, scan.good().get(0).first());
    }
    records += scan.records();
    if (scan.bad().isEmpty()) {
      return cut(written, first, next, scan);
    }
    // After a crash the lines of a PLAIN file are counted again, those that are lost as well.
    return mend(new State(framed ? first : begin, next), first, scan);
  }

  /**
   * The journal was longer once. What is gone keeps its offsets, as whoever follows the journal has
   * seen them; new records get others.
   */
  private Found goOn(Found shorter) throws IOException {
    Segment active = shorter.active();
    long next = known.next();
    damages.add(
        layout.active(),
        "ends in front of offset " + active.next() + ", and was longer",
        null,
        "about %d records are lost here; new ones go on at offset %d"
            .formatted(next - active.next(), next));
    boolean empty = active.next() == active.first();
    if (shorter.exists() && !empty) {
      Path kept = layout.closed(active.first());
      disk.move(layout.active(), kept);
      disk.syncDirectory(layout.dir());
      closed.add(active.at(kept, active.bytes()));
    }
    new State(next, next).write(disk, layout.state());
    boolean stays = shorter.exists() && empty;
    Segment fresh =
        new Segment(layout.active(), next, next, stays ? active.bytes() : 0, new SparseIndex());
    return new Found(closed, fresh, stays, null, report(active.next()));
  }

  private Found cut(State written, long first, long next, Scan scan) throws IOException {
    if (scan.torn() < scan.size()) {
      repair.cut(layout.active(), scan.torn());
      tornBytes += scan.size() - scan.torn();
    } else {
      repair.sync(layout.active());
    }
    boolean usable = scan.torn() > 0 || options.format() == Format.PLAIN;
    return usable
        ? found(written, first, next, scan.torn(), true, scan.sparseIndex())
        : found(written, next, next, 0, false, new SparseIndex());
  }

  // The numbers are put down first: what was lost must not be numbered again after a crash here.
  private Found mend(State state, long first, Scan scan) throws IOException {
    long next = state.next();
    state.write(disk, layout.state());
    if (scan.records() == 0) {
      quarantine.keepWhole(layout.active(), next - first);
      return found(state, next, next, 0, false, new SparseIndex());
    }
    tornBytes += scan.size() - scan.torn();
    repair.quarantine(layout.active(), scan.bad());
    if (options.format() == Format.FRAMED) {
      repair.rewrite(layout.active(), scan.good(), layout.active());
      long length = Files.size(layout.active());
      return found(state, first, next, length, true, new SparseIndex());
    }
    repair.split(scan.good());
    for (Scan.Span span : scan.good()) {
      nameNextOfLast(span.first());
      Path file = layout.closed(span.first());
      closed.add(new Segment(file, span.first(), span.next(), span.bytes(), new SparseIndex()));
    }
    return found(state, next, next, 0, false, new SparseIndex());
  }

  /**
   * The state says it, unless a crash in a rotation left it behind: then the last closed segment
   * does, and also where the state has no checksum and says less.
   */
  private long firstOfActive(State state, boolean checked, boolean exists) throws IOException {
    if (closed.isEmpty()) {
      return state.first();
    }
    Segment last = closed.get(closed.size() - 1);
    boolean behindIt = state.first() > last.first() && state.first() >= last.next();
    if (behindIt && checked) {
      return state.first();
    }
    long end = options.format() == Format.FRAMED ? last.next() : SegmentScan.endOf(last);
    if (behindIt && state.first() >= end) {
      return state.first();
    }
    if (exists && checked) {
      log.warn("{}: state is older than the segments, numbering from {}", layout.state(), end);
    }
    return end;
  }

  private Found found(
      State written, long first, long next, long length, boolean exists, SparseIndex sparseIndex)
      throws IOException {
    if (written == null || written.first() != first) {
      new State(first, first).write(disk, layout.state());
    }
    if (options.format() == Format.PLAIN) {
      nameNextOfLast(first);
    }
    Segment active = new Segment(layout.active(), first, next, length, sparseIndex);
    Instant oldest = next > first ? begun() : null;
    return new Found(closed, active, exists, oldest, report(next));
  }

  private RecoveryReport report(long next) {
    return new RecoveryReport(
        records, tornBytes, quarantine.files(), quarantine.bytes(), quarantine.records(), next);
  }

  // The state file is written when a segment begins, so it is at most a little too old.
  private Instant begun() throws IOException {
    Instant now = now();
    Path state = layout.state();
    Instant written = Files.exists(state) ? Files.getLastModifiedTime(state).toInstant() : now;
    return written.isAfter(now) ? now : written;
  }

  private Instant now() {
    return Instant.ofEpochMilli(time.wallMs());
  }
}
