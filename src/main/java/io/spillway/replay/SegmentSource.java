package io.spillway.replay;

import io.spillway.journal.Layout;
import io.spillway.journal.StateFile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The journal of a directory, of a server or an edge that may be running: a line has the number
 * that its record has in the journal. What comes after it was looked at is left for the next run,
 * so a journal may be replayed to the very server that writes it.
 */
record SegmentSource(
    Path named, Layout layout, Identity identity, SourceContent content, long first, long last)
    implements LineSource {
  private static final String REJECTED = "rejected";

  /**
   * Looks at a directory. Blocking.
   *
   * @throws IOException if it has no journal, or several; the words are for a person
   */
  static SegmentSource of(Path dir) throws IOException {
    SortedSet<String> names = new TreeSet<>(Layout.journals(dir));
    names.removeIf(name -> name.equals(REJECTED) || name.startsWith(REJECTED + '.'));
    if (names.size() != 1) {
      throw new IOException(
          names.isEmpty()
              ? "no journal here: no *.ndjson; a rejected.ndjson has to be named itself"
              : "several journals here (" + String.join(", ", names) + "): name the files");
    }
    Layout layout = new Layout(dir, names.first());
    String name = nameOf(dir);
    SourceContent.Read oldest =
        name != null ? null : SourceContent.of(oldest(layout), memory(layout).bytes());
    Identity identity = name != null ? Identity.ofJournal(name) : memory(layout).identityOf(oldest);
    try (SegmentLines all = new SegmentLines(layout, 1, Long.MAX_VALUE);
        SegmentLines end = new SegmentLines(layout, Long.MAX_VALUE, Long.MAX_VALUE)) {
      long first = all.next() ? all.number() : 1;
      SourceContent content = oldest == null ? null : oldest.whole();
      return new SegmentSource(dir, layout, identity, content, first, end.toEnd());
    }
  }

  /** What the journal is called, here and in every copy; null if nothing says it. */
  private static String nameOf(Path dir) throws IOException {
    String edge = text(dir, "identity.json");
    String server = edge != null ? null : text(dir, "journal.id");
    if (edge != null) {
      JsonObject json = new JsonObject(edge);
      return json.getString("edge") + '.' + json.getString("epoch");
    }
    return server == null || !server.startsWith("{")
        ? server // of version 0.1: the bare name
        : new JsonObject(server).getString("journal");
  }

  /** The text of a small file; null if it is not there. */
  private static String text(Path dir, String file) throws IOException {
    try {
      String text = StateFile.open(Files.readAllBytes(dir.resolve(file))).json().strip();
      if (text.startsWith("{")) {
        new JsonObject(text).size(); // or it is none
      }
      return text;
    } catch (NoSuchFileException none) {
      return null;
    } catch (RuntimeException damaged) {
      throw new IOException(
          file + " is damaged, and nothing else says which journal this is: name the files",
          damaged);
    }
  }

  private static InputStream oldest(Layout layout) throws IOException {
    Map.Entry<Long, Path> closed = layout.closedByFirst().firstEntry();
    return NumberedLines.open(closed == null ? layout.active() : closed.getValue());
  }

  private static ReplayMemory memory(Layout layout) throws IOException {
    return ReplayMemory.read(memoryOf(layout));
  }

  private static Path memoryOf(Layout layout) {
    return layout.dir().resolve(layout.name() + ReplayMemory.SUFFIX);
  }

  @Override
  public Path memory() {
    return memoryOf(layout);
  }

  @Override
  public SourceLines open(long from) {
    return new SegmentLines(layout, from, last);
  }
}
