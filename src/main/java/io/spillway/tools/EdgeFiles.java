package io.spillway.tools;

import io.spillway.journal.Layout;
import io.spillway.tools.StateText.Kind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Reads a spool directory. In this order, for the edge may be running: how far the server had
 * acknowledged, then what the spool holds, then what was set aside or dropped. A number that leaves
 * the spool meanwhile was noted elsewhere before.
 */
final class EdgeFiles {
  private static final String JOURNAL = "spool";

  private final LedgerBook book;
  private final FileLines files;

  EdgeFiles(LedgerBook book, FileLines files) {
    this.book = book;
    this.files = files;
  }

  /**
   * What cannot be read is a problem in the book.
   *
   * @return whether it is all from one time: if an epoch was put aside meanwhile, its segments may
   *     have been passed by on their way, and everything has to be read anew
   */
  boolean read(Path dir) throws InterruptedException {
    List<Path> epochs = epochs(dir);
    String series = null;
    for (Path epoch : epochs) {
      series = readEpoch(epoch, epoch.equals(dir));
    }
    if (epochs.isEmpty()) {
      return true;
    }
    long unnumbered = new RejectedLines(book, files).read(dir);
    if (unnumbered > 0) {
      book.note(dir, "%,d messages were rejected before they had a number".formatted(unnumbered));
    }
    readDropped(dir);
    readEnds(dir);
    LedgerBook said = new LedgerBook(0); // what is wrong with the files was said before
    if (series != null && book.of(series).droppedEnd() > given(dir, series, said)) {
      book.openEnds.add(series); // its files are of different times
    }
    return epochs.containsAll(epochs(dir)) && Objects.equals(series, series(identity(dir, said)));
  }

  private static StateText identity(Path dir, LedgerBook book) {
    return StateText.read(dir.resolve("identity.json"), Kind.IDENTITY, book);
  }

  /** Of epochs that were put aside, oldest first, and of the present one; none if unreadable. */
  private List<Path> epochs(Path dir) {
    try {
      List<Path> epochs = new ArrayList<>(Layout.putAside(dir));
      epochs.add(dir);
      return epochs;
    } catch (IOException error) {
      book.problem(dir, FileFault.words(error));
      return List.of();
    }
  }

  /** Returns whose it is, as its identity says; null if that says nothing. */
  private String readEpoch(Path dir, boolean present) throws InterruptedException {
    String series = series(identity(dir, book));
    StateText position = StateText.read(dir.resolve("acknowledged"), Kind.POSITION, book);
    StateText state = StateText.read(dir.resolve(JOURNAL + ".state"), Kind.SEGMENTS, book);
    if (series != null) {
      own(series);
      book.of(series).given(state.number("next"));
    }
    String of = position.isChecked() ? series(position) : null;
    if (of != null) {
      own(of);
      book.of(of).acknowledged(position.number("next"));
      book.of(of).given(position.number("end"));
    }
    String recorded = readSegments(dir, series);
    if (recorded == null && present && series == null) {
      book.problem(dir, "no spool here");
    }
    Stream.of(series, of, recorded).filter(Objects::nonNull).forEach(book.told::add);
    if (present) { // which gives numbers out yet
      Stream.of(series, of, recorded).filter(Objects::nonNull).forEach(book.spools::add);
    }
    if (Files.isDirectory(dir)) { // an older epoch goes, directory and all, when the server has it
      Stream.of(series, of, recorded)
          .filter(owner -> owner != null && !owner.equals(of))
          .forEach(book.openEnds::add);
    }
    return series;
  }

  /**
   * How far numbers were given out, as the spool itself says. Asked after its drops were read:
   * those it has noted by then it had given out before.
   */
  private long given(Path dir, String series, LedgerBook said) {
    StateText position = StateText.read(dir.resolve("acknowledged"), Kind.POSITION, said);
    StateText state = StateText.read(dir.resolve(JOURNAL + ".state"), Kind.SEGMENTS, said);
    boolean own = position.isChecked() && series.equals(series(position));
    long noted = Math.max(state.number("next"), own ? position.number("end") : 1);
    return Math.max(noted, book.of(series).spoolEnd());
  }

  /** The spool of this edge is there: what waits can be seen, and what it has dropped is noted. */
  private void own(String series) {
    book.edges.add(LedgerBook.edge(series));
  }

  private static String series(StateText says) {
    String edge = text(says, "edge");
    String epoch = text(says, "epoch");
    return edge == null || epoch == null ? null : edge + '.' + epoch;
  }

  private static String text(StateText says, String member) {
    return says.json() != null && says.json().getValue(member) instanceof String text ? text : null;
  }

  /**
   * Whose records there are: as the directory says if no record does, then its path; null if there
   * is no segment.
   */
  private String readSegments(Path dir, String series) throws InterruptedException {
    SpoolCommits commits = new SpoolCommits(book, series);
    book.suspected.begin();
    boolean[] any = {false};
    try {
      new SegmentWalk(dir, JOURNAL, files::open)
          .walk(
              new SegmentWalk.Visitor() {
                @Override
                public void segment(Path file, long first, InputStream open)
                    throws InterruptedException {
                  any[0] = true;
                  commits.begin(file, first == 0);
                  files.read(open, commits);
                  commits.end();
                  book.files++;
                }

                @Override
                public void unreadable(Path file, long first, IOException why) {
                  any[0] = true;
                  book.problem(file, FileFault.words(why));
                }

                @Override
                public void overtaken() {
                  // The server has it, or it was dropped: both are read after this.
                }
              });
    } catch (NoSuchFileException gone) {
      // As an older epoch goes, directory and all, when the server has it.
    } catch (IOException error) {
      book.problem(dir, FileFault.words(error));
    }
    if (commits.series() != null) {
      own(commits.series());
    }
    String owner = commits.series() == null ? dir.toString() : commits.series();
    return any[0] ? owner : null;
  }

  /** What the edge has noted of its drops, for each epoch. */
  private void readDropped(Path dir) {
    StateText says = StateText.read(dir.resolve("dropped.json"), Kind.DROPPED, book);
    JsonObject epochs =
        says.isChecked() ? says.json().getJsonObject("epochs", new JsonObject()) : new JsonObject();
    for (String series : epochs.fieldNames()) {
      JsonObject one = epochs.getJsonObject(series);
      List<Sequence.Range> ranges = new ArrayList<>();
      JsonArray bounds = one.getJsonArray("ranges", new JsonArray());
      for (int i = 0; i + 1 < bounds.size(); i += 2) {
        ranges.addAll(Numbers.between(bounds.getLong(i), bounds.getLong(i + 1)).ranges());
      }
      Numbers dropped = Numbers.of(ranges);
      Numbers open =
          dropped
              .from(one.getLong("undecided", Long.MAX_VALUE))
              .below(one.getLong("undecidedTo", Long.MAX_VALUE));
      book.of(series).dropped(dropped, one.getLong("from", Long.MAX_VALUE), open);
    }
    book.noted.addAll(epochs.fieldNames());
  }

  /** How far the numbers of epochs went that were put aside. */
  private void readEnds(Path dir) {
    StateText says = StateText.read(dir.resolve("ends.json"), Kind.ENDS, book);
    File[] damaged =
        dir.resolve("quarantine").toFile().listFiles((kept, name) -> name.startsWith("ends.json"));
    if (damaged != null && damaged.length > 0) {
      book.openEnds.add("the older epochs that " + damaged[0] + " was about");
    }
    if (says.isChecked()
        && says.json().getValue("forgotten") instanceof Number n
        && n.longValue() > 0) {
      String epochs =
          n.longValue() == 1 ? "oldest epoch" : "%d oldest epochs".formatted(n.longValue());
      book.openEnds.add("the " + epochs + " that ends.json had no room for");
    }
    JsonObject ends = says.isChecked() ? says.json().getJsonObject("ends") : new JsonObject();
    for (String series : ends.fieldNames()) {
      JsonObject one = ends.getJsonObject(series);
      book.told.add(series);
      book.of(series).given(one.getLong("end"));
      if (!one.getBoolean("certain")) {
        book.openEnds.add(series);
      }
    }
  }
}
