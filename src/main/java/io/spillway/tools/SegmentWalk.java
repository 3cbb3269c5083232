package io.spillway.tools;

import io.spillway.journal.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.stream.Stream;

/**
 * The segments of one journal, oldest first, each once, also while a process writes, closes,
 * compresses and deletes them.
 *
 * <p>What is closed while it is read is the same file under another name. What is compressed
 * meanwhile is found under that name, and what is deleted meanwhile was the oldest, so that all
 * that was read before has gone, too.
 */
final class SegmentWalk {
  /** Takes the segments. */
  interface Visitor {
    /**
     * The next segment, to be read and closed.
     *
     * @param first its first offset; 0 for the active segment, whose name does not tell it
     */
    void segment(Path file, long first, InputStream open) throws InterruptedException;

    /** A segment that is there cannot be opened. */
    void unreadable(Path file, long first, IOException why);

    /** The next one has been deleted, and with it all that were before. */
    void overtaken();
  }

  /** Opens a file. */
  @FunctionalInterface
  interface Opener {
    InputStream open(Path file) throws IOException;
  }

  private final Layout layout;
  private final Opener opener;
  private NavigableMap<Long, Path> closed;

  SegmentWalk(Path dir, String name, Opener opener) {
    this.opener = opener;
    layout = new Layout(dir, name);
  }

  /** How many bytes there are, as far as can be seen. */
  long bytes() throws IOException {
    NavigableMap<Long, Path> now = layout.closedByFirst();
    return Stream.concat(now.values().stream(), Stream.of(layout.active()))
        .mapToLong(file -> file.toFile().length())
        .sum();
  }

  /**
   * Goes through them.
   *
   * @throws IOException if the directory cannot be listed
   */
  void walk(Visitor visitor) throws IOException, InterruptedException {
    closed = layout.closedByFirst();
    long from = 0;
    while (true) {
      Map.Entry<Long, Path> next = closed.ceilingEntry(from);
      if (next == null) {
        if (active(from, visitor)) {
          return;
        }
      } else if (closed(next.getKey(), next.getValue(), visitor)) {
        from = next.getKey() + 1;
      }
    }
  }

  /** Whether it is done; if not, it may be under another name, and is looked for again. */
  private boolean closed(long first, Path file, Visitor visitor)
      throws IOException, InterruptedException {
    InputStream open;
    try {
      open = opener.open(file);
    } catch (NoSuchFileException gone) {
      closed = layout.closedByFirst();
      if (!closed.containsKey(first)) {
        visitor.overtaken();
      }
      return false;
    } catch (IOException error) {
      visitor.unreadable(file, first, error);
      return true;
    }
    visitor.segment(file, first, open);
    return true;
  }

  /** Whether it was the active one that came next, and not one that has just been closed. */
  private boolean active(long from, Visitor visitor) throws IOException, InterruptedException {
    InputStream open = null;
    IOException why = null;
    try {
      open = opener.open(layout.active());
    } catch (NoSuchFileException none) {
      // It is made with its first record.
    } catch (IOException error) {
      why = error;
    }
    closed = layout.closedByFirst();
    if (closed.ceilingEntry(from) != null) {
      if (open != null) {
        open.close();
      }
      return false;
    }
    if (open != null) {
      visitor.segment(layout.active(), 0, open);
    } else if (why != null) {
      visitor.unreadable(layout.active(), 0, why);
    }
    return true;
  }
}
