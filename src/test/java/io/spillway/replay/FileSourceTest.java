package io.spillway.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A file as a source")
class FileSourceTest {
  private static final String HEADER = "[\"chunk\",7,2,30,\"9c1185a5\",\"\"]\n";

  @TempDir private Path dir;
  private Path file;

  @BeforeEach
  void file() throws IOException {
    file = dir.resolve("rejected.ndjson");
    Files.writeString(file, "{\"a\":1}\n{\"a\":2}\n");
  }

  private void append(String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }

  private static List<String> lines(LineSource source) throws IOException {
    List<String> found = new ArrayList<>();
    try (SourceLines lines = source.open(1)) {
      while (lines.next()) {
        String text = new String(lines.array(), lines.from(), lines.to() - lines.from(), UTF_8);
        found.add(lines.number() + " " + text);
      }
    }
    return found;
  }

  /** As a run does before it sends anything. */
  private static FileSource noted(Path file) throws IOException {
    FileSource source = FileSource.of(file);
    new MemoryKeeper(source, null, line -> {}).save();
    return source;
  }

  @Test
  @DisplayName("is called by its hash, and its lines by their number")
  void numbers() throws IOException {
    FileSource source = FileSource.of(file);

    assertThat(source.identity().hex())
        .isEqualTo(hex("{\"a\":1}\n{\"a\":2}\n"))
        .startsWith(source.identity().epoch(Choice.ALL));
    assertThat(lines(source)).containsExactly("1 {\"a\":1}", "2 {\"a\":2}");
    assertThat(source.first()).isEqualTo(1);
    assertThat(source.last()).isEqualTo(2);
  }

  @Test
  @DisplayName("leaves an unfinished line for when it is finished")
  void torn() throws IOException {
    Identity before = FileSource.of(file).identity();
    append("{\"a\":");

    FileSource torn = FileSource.of(file);
    assertThat(torn.identity()).isEqualTo(before);
    assertThat(torn.last()).isEqualTo(2);
    assertThat(lines(torn)).hasSize(2);
  }

  @Test
  @DisplayName("does not count the headers of a spool's commits")
  void framed() throws IOException {
    Files.writeString(file, HEADER + "{\"a\":1}\n{\"a\":2}\n" + HEADER + "{\"a\":3}\n");

    FileSource source = FileSource.of(file);
    assertThat(source.last()).isEqualTo(3);
    assertThat(lines(source)).containsExactly("1 {\"a\":1}", "2 {\"a\":2}", "3 {\"a\":3}");
  }

  @Test
  @DisplayName("is the same one when it has been compressed")
  void compressed() throws IOException {
    Path gzip = dir.resolve("rejected.ndjson.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
      Files.copy(file, out);
    }

    assertThat(FileSource.of(gzip).identity()).isEqualTo(FileSource.of(file).identity());
    assertThat(lines(FileSource.of(gzip))).isEqualTo(lines(FileSource.of(file)));
  }

  @Test
  @DisplayName("keeps its name when it has grown, once and again")
  void grown() throws IOException {
    Identity first = noted(file).identity();

    append("{\"a\":3}\n");
    FileSource grown = noted(file);
    assertThat(grown.identity()).isEqualTo(first);
    assertThat(grown.last()).isEqualTo(3);

    append("{\"a\":4}\n");
    assertThat(noted(file).identity()).isEqualTo(first);
  }

  @Test
  @DisplayName("is another one when what was sent has been changed")
  void changed() throws IOException {
    Identity first = noted(file).identity();
    append("{\"a\":3}\n");
    noted(file);
    Files.writeString(file, "{\"a\":1}\n{\"a\":2}\n{\"a\":8}\n{\"a\":4}\n");

    List<String> said = new ArrayList<>();
    FileSource changed = FileSource.of(file);
    new MemoryKeeper(changed, null, said::add).save();

    assertThat(changed.identity()).isNotEqualTo(first);
    assertThat(said).singleElement().asString().contains("was changed", "as another source");
    assertThat(FileSource.of(file).identity()).isEqualTo(changed.identity());
  }

  @Test
  @DisplayName(
      "is another one when it has grown and nothing was noted, and the same when it has not")
  void nothingNoted() throws IOException {
    Identity first = noted(file).identity();
    Files.delete(dir.resolve("rejected.ndjson.replay"));
    assertThat(FileSource.of(file).identity()).isEqualTo(first);

    append("{\"a\":3}\n");
    assertThat(FileSource.of(file).identity()).isNotEqualTo(first);
  }

  @Test
  @DisplayName("is not taken for another that begins with the same line")
  void sameFirstLine() throws IOException {
    noted(file);
    Path other = dir.resolve("other.ndjson");
    Files.writeString(other, "{\"a\":1}\n{\"a\":3}\n");

    assertThat(FileSource.of(other).identity()).isNotEqualTo(FileSource.of(file).identity());
  }

  @Test
  @DisplayName("has to be one")
  void noFile() {
    assertThatThrownBy(() -> FileSource.of(dir.resolve("none.ndjson")))
        .isInstanceOf(NoSuchFileException.class);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(Identity.digest().digest(text.getBytes(UTF_8)));
  }

  @Test
  @DisplayName("is told with its cure if it is compressed, and cut short or no gzip at all")
  void damagedGzip() throws IOException {
    Path none = Files.writeString(dir.resolve("none.ndjson.gz"), "{\"n\":1}\n");
    assertThatThrownBy(() -> FileSource.of(none))
        .hasMessageContainingAll("not readable as gzip", "gzip -dc")
        .hasMessageNotContaining("GZIP");

    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write("{\"n\":1}\n".repeat(100).getBytes(UTF_8));
    }
    Path cut = dir.resolve("cut.ndjson.gz");
    Files.write(cut, Arrays.copyOf(bytes.toByteArray(), bytes.size() - 9));
    assertThatThrownBy(() -> FileSource.of(cut))
        .hasMessageContainingAll("gzip is cut short", "gzip -dc");
  }
}
