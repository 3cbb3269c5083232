package io.spillway.store;

import io.spillway.journal.Cursor;
import io.spillway.journal.Journal;
import io.spillway.journal.Slice;
import io.spillway.journal.StateFile.Content;
import io.spillway.message.Lines;
import java.io.IOException;
import java.util.Optional;

/**
 * Brings the marks up to date when a journal is opened: from the last checkpoint and the records
 * behind it; from all records where there is no checkpoint, or the journal is shorter than it was
 * then, so that marks could lie above what is stored.
 */
final class MarksRecovery {
  private static final int RECORDS = 10_000;
  private static final int BYTES = 1 << 20;

  private final Journal journal;
  private final long trustedFrom;

  /**
   * @param trustedFrom see {@link JournalName}
   */
  MarksRecovery(Journal journal, long trustedFrom) {
    this.journal = journal;
    this.trustedFrom = trustedFrom;
  }

  /**
   * Fills {@code marks}, which are empty. Blocking.
   *
   * @return the offset of the first record that it needed, and would need again
   */
  long run(EdgeMarks marks, Optional<Content<Checkpoint>> saved) throws IOException {
    long offset = saved.map(Content::value).orElse(Checkpoint.NONE).offset();
    boolean whole = offset == 0 || offset > journal.report().next();
    boolean unchecked = saved.isPresent() && !saved.get().checked();
    if (unchecked) {
      EdgeMarks all = new EdgeMarks();
      read(1, 1, lines -> all.found(lines, false), lines -> {});
      marks.restore(saved.get().value(), all);
      read(offset, Long.MAX_VALUE, lines -> {}, lines -> marks.replay(lines, false));
    } else if (whole) {
      saved.ifPresent(last -> marks.believe(last.value()));
      boolean fromOne = journal.first() == 1;
      read(1, trustedFrom, l -> marks.found(l, fromOne), l -> marks.replay(l, true));
    } else {
      marks.restore(saved.get().value());
      read(offset, trustedFrom, l -> marks.found(l, true), l -> marks.replay(l, false));
    }
    marks.upToDate(journal.next());
    return whole || unchecked ? 1 : offset;
  }

  private interface Reader {
    void take(Lines lines);
  }

  /** Gives the records from {@code from} on to one reader or the other. */
  private void read(long from, long trusted, Reader found, Reader replayed) throws IOException {
    try (Cursor cursor = journal.cursor(from)) {
      Slice slice = cursor.read(RECORDS, BYTES);
      while (!slice.isEmpty()) {
        Lines lines = slice.lines();
        int older = (int) Math.max(0, Math.min(lines.count(), trusted - slice.first()));
        replayed.take(lines.limit(older));
        found.take(lines.skip(older));
        slice = cursor.read(RECORDS, BYTES);
      }
    }
  }
}
