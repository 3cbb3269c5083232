package io.spillway.tools;

import io.spillway.tools.StateText.Kind;
import java.nio.file.Path;

/** A directory that has no segment: nothing has come yet, or it is gone, or it is another one. */
final class NoJournal {
  private final LedgerBook book;

  NoJournal(LedgerBook book) {
    this.book = book;
  }

  /** Of a server, or of an edge. */
  void tell(Path dir) {
    StateText position = StateText.read(dir.resolve("acknowledged"), Kind.POSITION, book);
    if (position.isChecked() && position.number("end") == 1) {
      book.note(dir, "nothing is stored here yet");
    } else {
      tell(dir, StateText.read(dir.resolve("marks.json"), Kind.MARKS, book));
    }
  }

  /**
   * Of a server. The first record makes the file; what a server writes before it says that none has
   * come.
   */
  void tell(Path dir, StateText marks) {
    if (marks.json() == null) {
      book.problem(dir, "no journal here: no *.ndjson, nor marks.json; is it server.journal.dir?");
    } else if (marks.number("offset") > 1) {
      book.problem(
          dir,
          "the journal is gone: no *.ndjson, and marks.json counts %,d records"
              .formatted(marks.number("offset") - 1));
    } else {
      book.note(dir, "nothing is stored here yet");
    }
  }
}
