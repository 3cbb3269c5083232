package io.spillway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The files of a journal")
class LayoutTest {
  @TempDir private Path dir;

  @Test
  @DisplayName("that were put aside are in order of their numbers, not of their text")
  void putAside() throws IOException {
    for (String name : List.of("old-10-aa", "old-9-ff", "old-100-bb", "old-x-cc", "older-1-dd")) {
      Files.createDirectory(dir.resolve(name));
    }
    Files.createFile(dir.resolve("old-1-ee"));
    assertThat(Layout.putAside(dir))
        .extracting(path -> path.getFileName().toString())
        .containsExactly("old-9-ff", "old-10-aa", "old-100-bb");
  }

  @Test
  @DisplayName("say which journals there are, also where only a compressed segment is left")
  void journals() throws IOException {
    List<String> names =
        List.of("ingest.ndjson", "b-00000000000000000007.ndjson.gz", "b.state", "c.ndjson.tmp");
    for (String name : names) {
      Files.createFile(dir.resolve(name));
    }
    assertThat(Layout.journals(dir)).containsExactly("b", "ingest");
  }
}
