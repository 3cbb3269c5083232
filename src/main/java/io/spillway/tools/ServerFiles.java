package io.spillway.tools;

import io.spillway.journal.Layout;
import io.spillway.tools.StateText.Kind;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads a server's data directory, after the spools. In this order, for the server may be running:
 * how far the marks are, then the journal, which has all that lies below them, then what was set
 * aside, which was kept before a mark went over it.
 */
final class ServerFiles implements SegmentWalk.Visitor, FileLines.Sink {
  private static final String USUAL = "ingest";

  private final LedgerBook book;
  private final FileLines files;
  private final RecordLine record = new RecordLine();
  private Numbers heads = Numbers.NONE;
  private Numbers held = Numbers.NONE;
  private Path note;
  private long takenOut;
  private Path file;
  private boolean active;
  private long activeFirst;
  private Offsets offsets = new Offsets();
  private long line;

  ServerFiles(LedgerBook book, FileLines files) {
    this.book = book;
    this.files = files;
  }

  /** What cannot be read is a problem in the book. */
  void read(Path dir) throws InterruptedException {
    StateText marks = readMarks(dir);
    try {
      Set<String> journals = journals(dir);
      if (journals.isEmpty()) {
        new NoJournal(book).tell(dir, marks);
      }
      for (String name : journals) {
        readJournal(dir, name);
      }
      book.noOffsets = book.noOffsets.plus(heads.minus(held)); // a journal that was named anew
      quarantine(dir);
    } catch (IOException error) {
      book.problem(dir, FileFault.words(error));
    }
    long unnumbered = new RejectedLines(book, files).read(dir);
    if (unnumbered > 0) {
      book.note(dir, "%,d inputs were rejected that no edge had numbered".formatted(unnumbered));
    }
  }

  /** One, as a rule; it has this name as long as {@code server.journal.file} is not changed. */
  private static Set<String> journals(Path dir) throws IOException {
    Set<String> names = Layout.journals(dir);
    names.removeIf(name -> name.startsWith("rejected"));
    boolean fresh = Files.exists(dir.resolve(USUAL + ".state"));
    return names.isEmpty() && fresh ? Set.of(USUAL) : names;
  }

  private void readJournal(Path dir, String name) throws IOException, InterruptedException {
    note = dir.resolve(name + ".deleted.json");
    takenOut = takenOut();
    offsets = new Offsets();
    book.epochs.values().forEach(EpochBook::beginJournal);
    activeFirst = StateText.read(dir.resolve(name + ".state"), Kind.SEGMENTS, book).number("first");
    new SegmentWalk(dir, name, files::open).walk(this);
    StateText deleted = StateText.read(note, Kind.DELETED, book);
    long notedFrom = deleted.isChecked() ? deleted.number("from") : Long.MAX_VALUE;
    long below = deleted.number("below");
    Head head = Head.of(offsets.kept(), notedFrom, below);
    book.head = head.compareTo(book.head) > 0 ? head : book.head;
    Numbers explained = Numbers.between(notedFrom, below);
    book.noOffsets = book.noOffsets.plus(offsets.holes().minus(explained));
    heads = heads.plus(offsets.head().minus(explained));
    held = held.plus(offsets.held());
  }

  /** Below it retention had taken out everything when this was asked; 1 if it says nothing. */
  private long takenOut() {
    return StateText.read(note, Kind.DELETED, new LedgerBook(0)).number("below");
  }

  private StateText readMarks(Path dir) {
    StateText marks = StateText.read(dir.resolve("marks.json"), Kind.MARKS, book);
    if (marks.json() == null || !(marks.json().getValue("marks") instanceof JsonObject by)) {
      return marks;
    }
    for (String series : by.fieldNames()) {
      if (series.indexOf('.') > 0 && by.getValue(series) instanceof Number mark) {
        book.of(series).mark(Math.max(1, mark.longValue()));
      }
    }
    return marks;
  }

  private void quarantine(Path dir) throws IOException {
    Path kept = dir.resolve("quarantine");
    if (Files.isDirectory(kept)) {
      try (Stream<Path> entries = Files.list(kept)) {
        long count = entries.count();
        if (count > 0) {
          book.note(kept, count + " damaged files: what is missing may be readable in them");
        }
      }
    }
  }

  @Override
  public void segment(Path of, long named, InputStream open) throws InterruptedException {
    file = of;
    active = named == 0;
    line = 0;
    begins(active ? Math.max(activeFirst, offsets.next()) : named);
    files.read(open, this);
    book.files++;
  }

  private void begins(long offset) {
    if (!offsets.begins(offset)) {
      return;
    }
    takenOut = offset > takenOut ? takenOut() : takenOut;
    if (offset <= takenOut) { // what was before could not be deleted yet
      offsets.takenOut();
      book.epochs.values().forEach(EpochBook::takenOut);
    }
  }

  @Override
  public void unreadable(Path of, long named, IOException why) {
    book.problem(of, FileFault.words(why));
    begins(Math.max(named, Math.max(1, offsets.next())));
  }

  @Override
  public void overtaken() {
    book.epochs.values().forEach(EpochBook::forgetStored);
    offsets = new Offsets();
    takenOut = takenOut();
  }

  @Override
  public void line(byte[] bytes, int from, int to) throws IOException {
    line++;
    offsets.line();
    String fault = from == to ? "empty line" : record.read(bytes, from, to);
    if (fault != null) {
      book.problem(file, "line " + line + ": " + fault);
      return;
    }
    book.records++;
    if (record.seq() > 0) {
      book.of(record.series()).stored(record.seq(), bytes, from, to);
    } else {
      book.withoutSequence++;
      book.claimed(record);
    }
  }

  @Override
  public void unfinished(int bytes) {
    if (active) {
      book.note(file, "ends in an unfinished line: it is being written, or was when it ended");
    } else {
      book.problem(file, "ends in an unfinished line");
    }
  }

  @Override
  public void problem(String why) {
    book.problem(file, why);
  }
}
