package io.spillway.replay;

import io.spillway.journal.Layout;
import io.spillway.journal.StateFile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;

/**
 * The records of a journal, segment after segment, also while a process writes, closes, compresses
 * and deletes them. What retention deletes meanwhile is passed over: its numbers do not come.
 */
final class SegmentLines implements SourceLines {
  private static final byte[] NONE = new byte[0];

  private final Layout layout;
  private final long from;
  private final long last;
  private NumberedLines lines;

  /** As they were listed last: a directory of a year is long. */
  private NavigableMap<Long, Path> closed;

  /** The first number by the name of the segment that is read; 0 before any, and of the active. */
  private long segment;

  /** The number that was read last, be it one below {@link #from}. */
  private long seen;

  private boolean ended;

  /**
   * Opens nothing yet.
   *
   * @param from lower numbers are passed over
   * @param last behind that it is at its end
   */
  SegmentLines(Layout layout, long from, long last) {
    this.layout = layout;
    this.from = from;
    this.last = last;
  }

  /** Reads to the end; the highest number, 0 if there is none. */
  long toEnd() throws IOException {
    boolean more = true;
    while (more) {
      more = next();
    }
    return seen;
  }

  @Override
  public boolean next() throws IOException {
    while (!ended) {
      if (lines == null && !open()) {
        ended = true;
      } else if (!lines.next()) {
        finished();
      } else if (lines.number() > last) {
        ended = true;
      } else if (lines.number() > seen) {
        seen = lines.number();
        if (seen >= from) {
          return true;
        }
      }
    }
    return false;
  }

  private void finished() throws IOException {
    lines.close();
    lines = null;
    ended = segment == 0;
  }

  /** Opens the next segment; false if there is none. */
  private boolean open() throws IOException {
    closed = closed == null ? layout.closedByFirst() : closed;
    Map.Entry<Long, Path> next = following();
    while (next != null && !openClosed(next)) {
      closed = layout.closedByFirst();
      next = following();
    }
    return next != null || openActive();
  }

  private Map.Entry<Long, Path> following() {
    if (segment > 0) {
      return closed.higherEntry(segment);
    }
    Map.Entry<Long, Path> holding = closed.floorEntry(from);
    return holding == null ? closed.firstEntry() : holding;
  }

  /** False if it is under another name by now, or deleted: it is looked for again. */
  private boolean openClosed(Map.Entry<Long, Path> next) throws IOException {
    try {
      lines = new NumberedLines(next.getValue(), next.getKey(), true);
      segment = next.getKey();
      return true;
    } catch (NoSuchFileException moved) {
      return false;
    }
  }

  /** The file first, the list behind it: one that is closed between the two is found there. */
  private boolean openActive() throws IOException {
    NumberedLines active = null;
    try {
      active = new NumberedLines(layout.active(), Math.max(seen + 1, firstOfActive()), true);
    } catch (NoSuchFileException none) {
      // It is made with its first record.
    }
    closed = layout.closedByFirst();
    if (following() != null) {
      if (active != null) {
        active.close();
      }
      return open();
    }
    lines = active;
    segment = 0;
    return active != null;
  }

  /** As its small file says; 1 if that does not, and then the segments before it tell. */
  private long firstOfActive() throws IOException {
    try {
      Path state = layout.dir().resolve(layout.name() + ".state");
      return new JsonObject(StateFile.open(Files.readAllBytes(state)).json()).getLong("first", 1L);
    } catch (NoSuchFileException none) {
      return 1;
    } catch (RuntimeException damaged) {
      return 1;
    }
  }

  @Override
  public long number() {
    return seen;
  }

  @Override
  public byte[] array() {
    return lines == null ? NONE : lines.array();
  }

  @Override
  public int from() {
    return lines.from();
  }

  @Override
  public int to() {
    return lines.to();
  }

  @Override
  public void close() throws IOException {
    if (lines != null) {
      lines.close();
    }
  }
}
