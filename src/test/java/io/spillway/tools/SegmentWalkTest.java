package io.spillway.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The segments of a journal that is being written")
class SegmentWalkTest {
  @TempDir private Path dir;

  /** What a server does just before this file is opened for the first time. */
  private final Map<String, Runnable> meanwhile = new HashMap<>();

  private final List<String> seen = new ArrayList<>();

  @Test
  @DisplayName("come oldest first, the active one last")
  void inOrder() throws Exception {
    write(closed(1), "a");
    write(closed(11), "b");
    write("ingest.ndjson", "c");
    assertThat(walk()).containsExactly("1:a", "11:b", "0:c");
  }

  @Test
  @DisplayName("are all there when the active one is closed meanwhile")
  void rotated() throws Exception {
    write(closed(1), "a");
    write("ingest.ndjson", "b");
    meanwhile.put(
        "ingest.ndjson",
        () -> {
          move("ingest.ndjson", closed(11));
          write("ingest.ndjson", "c");
        });
    assertThat(walk()).containsExactly("1:a", "11:b", "0:c");
  }

  @Test
  @DisplayName("are all there when one is compressed meanwhile")
  void compressed() throws Exception {
    write(closed(1), "a");
    write(closed(11), "b");
    meanwhile.put(closed(11), () -> move(closed(11), closed(11) + ".gz"));
    assertThat(walk()).containsExactly("1:a", "11:b");
  }

  @Test
  @DisplayName("are said to be overtaken when retention deletes the next one")
  void deleted() throws Exception {
    write(closed(1), "a");
    write(closed(11), "b");
    write(closed(21), "c");
    meanwhile.put(
        closed(11),
        () -> {
          delete(closed(1));
          delete(closed(11));
        });
    assertThat(walk()).containsExactly("1:a", "overtaken", "21:c");
  }

  @Test
  @DisplayName("are read once when one is there plain and compressed")
  void twins() throws Exception {
    write(closed(1), "a");
    write(closed(1) + ".gz", "not read");
    assertThat(walk()).containsExactly("1:a");
  }

  private List<String> walk() throws IOException, InterruptedException {
    new SegmentWalk(dir, "ingest", this::open)
        .walk(
            new SegmentWalk.Visitor() {
              @Override
              public void segment(Path file, long first, InputStream open) {
                seen.add(first + ":" + text(open));
              }

              @Override
              public void unreadable(Path file, long first, IOException why) {
                seen.add("unreadable");
              }

              @Override
              public void overtaken() {
                seen.add("overtaken");
              }
            });
    return seen;
  }

  private InputStream open(Path file) throws IOException {
    Runnable act = meanwhile.remove(file.getFileName().toString());
    InputStream before = act == null ? null : newOrNull(file);
    if (act != null) {
      act.run();
    }
    if (before != null && Files.exists(file)) {
      return before; // opened an instant before it got another name, and a new one came
    }
    if (before != null) {
      before.close();
    }
    return Files.newInputStream(file);
  }

  private static InputStream newOrNull(Path file) throws IOException {
    return Files.exists(file) ? Files.newInputStream(file) : null;
  }

  private static String text(InputStream open) {
    try (open) {
      return new String(open.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private static String closed(long first) {
    return "ingest-%020d.ndjson".formatted(first);
  }

  private void write(String name, String text) {
    try {
      Files.writeString(dir.resolve(name), text);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private void move(String from, String to) {
    try {
      Files.move(dir.resolve(from), dir.resolve(to));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private void delete(String name) {
    try {
      Files.delete(dir.resolve(name));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
