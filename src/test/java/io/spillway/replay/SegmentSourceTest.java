package io.spillway.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.journal.StateFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A journal as a source")
class SegmentSourceTest {
  @TempDir private Path dir;

  private void closed(long first, long next) throws IOException {
    Files.writeString(dir.resolve("ingest-%020d.ndjson".formatted(first)), records(first, next));
  }

  private void compressed(long first, long next) throws IOException {
    Path file = dir.resolve("ingest-%020d.ndjson.gz".formatted(first));
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(records(first, next).getBytes(UTF_8));
    }
  }

  private void active(long first, long next) throws IOException {
    Files.writeString(dir.resolve("ingest.ndjson"), records(first, next));
    StateFile.write(
        dir.resolve("ingest.state"), "{\"first\":" + first + ",\"next\":" + first + "}");
  }

  private static String records(long first, long next) {
    StringBuilder text = new StringBuilder();
    LongStream.range(first, next).forEach(n -> text.append("{\"n\":").append(n).append("}\n"));
    return text.toString();
  }

  private static List<Long> numbers(LineSource source, long from) throws IOException {
    List<Long> found = new ArrayList<>();
    try (SourceLines lines = source.open(from)) {
      while (lines.next()) {
        String text = new String(lines.array(), lines.from(), lines.to() - lines.from(), UTF_8);
        assertThat(text).isEqualTo("{\"n\":" + lines.number() + "}");
        found.add(lines.number());
      }
    }
    return found;
  }

  private static List<Long> range(long first, long next) {
    return LongStream.range(first, next).boxed().toList();
  }

  @Test
  @DisplayName("numbers its lines by their offsets, over all its segments")
  void offsets() throws IOException {
    compressed(11, 15);
    closed(15, 22);
    active(22, 30);
    SegmentSource source = SegmentSource.of(dir);

    assertThat(source.first()).isEqualTo(11);
    assertThat(source.last()).isEqualTo(29);
    assertThat(numbers(source, 1)).isEqualTo(range(11, 30));
    assertThat(numbers(source, 13)).isEqualTo(range(13, 30));
    assertThat(numbers(source, 15)).isEqualTo(range(15, 30));
    assertThat(numbers(source, 25)).isEqualTo(range(25, 30));
    assertThat(numbers(source, 30)).isEmpty();
  }

  @Test
  @DisplayName("knows the number of the first line by the small file, where there is one segment")
  void onlyActive() throws IOException {
    active(501, 504);
    assertThat(numbers(SegmentSource.of(dir), 1)).isEqualTo(range(501, 504));

    Files.delete(dir.resolve("ingest.state"));
    assertThat(SegmentSource.of(dir).first()).isEqualTo(1);
  }

  @Test
  @DisplayName("leaves a hole where a segment is missing")
  void hole() throws IOException {
    closed(1, 4);
    closed(9, 11);
    active(11, 13);
    assertThat(numbers(SegmentSource.of(dir), 1)).containsExactly(1L, 2L, 3L, 9L, 10L, 11L, 12L);
  }

  @Test
  @DisplayName("believes the headers of a spool about the numbers of what follows")
  void framed() throws IOException {
    Files.writeString(
        dir.resolve("spool.ndjson"),
        "[\"segment\",41,0,0,\"54f3e1a0\",\"\"]\n[\"chunk\",41,2,20,\"54f3e1a0\",\"\"]\n"
            + records(41, 43)
            + "[\"chunk\",50,1,10,\"54f3e1a0\",\"\"]\n"
            + records(50, 51));
    assertThat(numbers(SegmentSource.of(dir), 1)).containsExactly(41L, 42L, 50L);
  }

  @Test
  @DisplayName("ends where it ended when it was looked at, also if it goes on, or closes a segment")
  void grows() throws IOException {
    closed(1, 4);
    active(4, 6);
    SegmentSource source = SegmentSource.of(dir);

    Files.writeString(dir.resolve("ingest.ndjson"), records(6, 9), StandardOpenOption.APPEND);
    assertThat(numbers(source, 1)).isEqualTo(range(1, 6));

    Files.move(dir.resolve("ingest.ndjson"), dir.resolve("ingest-%020d.ndjson".formatted(4)));
    active(9, 11);
    assertThat(numbers(source, 1)).isEqualTo(range(1, 6));
    assertThat(numbers(SegmentSource.of(dir), 1)).isEqualTo(range(1, 11));
  }

  @Test
  @DisplayName("keeps its name while it grows and loses its oldest segment, by its small file")
  void named() throws IOException {
    closed(1, 4);
    active(4, 6);
    StateFile.write(dir.resolve("journal.id"), "{\"journal\":\"57fc5838d407\",\"trustedFrom\":1}");
    Identity before = SegmentSource.of(dir).identity();

    Files.delete(dir.resolve("ingest-%020d.ndjson".formatted(1)));
    active(4, 9);

    assertThat(SegmentSource.of(dir).identity())
        .isEqualTo(before)
        .isEqualTo(Identity.ofJournal("57fc5838d407"));
  }

  @Test
  @DisplayName("is called by edge and epoch, if it is a spool, and as version 0.1 wrote it")
  void otherNames() throws IOException {
    active(1, 2);
    Files.writeString(dir.resolve("journal.id"), "57fc5838d407\n");
    assertThat(SegmentSource.of(dir).identity()).isEqualTo(Identity.ofJournal("57fc5838d407"));

    StateFile.write(dir.resolve("identity.json"), "{\"edge\":\"attic\",\"epoch\":\"3f9a1c2e\"}");
    assertThat(SegmentSource.of(dir).identity()).isEqualTo(Identity.ofJournal("attic.3f9a1c2e"));
  }

  @Test
  @DisplayName("is refused when the file with its name is damaged: by another it would go again")
  void damagedName() throws IOException {
    active(1, 2);
    Files.writeString(
        dir.resolve("journal.id"),
        "{\"journal\":\"57fc5838d408\",\"trustedFrom\":1,\"crc32c\":\"00000000\"}");
    assertThatThrownBy(() -> SegmentSource.of(dir)).hasMessageContaining("name the files");
  }

  @Test
  @DisplayName("without a name is called by its oldest segment, and known when that has grown")
  void unnamed() throws IOException {
    active(1, 3);
    SegmentSource first = SegmentSource.of(dir);
    new MemoryKeeper(first, null, line -> {}).save();
    active(1, 6);
    assertThat(SegmentSource.of(dir).identity()).isEqualTo(first.identity());

    Files.move(dir.resolve("ingest.ndjson"), dir.resolve("ingest-%020d.ndjson".formatted(1)));
    active(6, 8);
    SegmentSource later = SegmentSource.of(dir);
    assertThat(later.identity()).isEqualTo(first.identity());
    assertThat(later.last()).isEqualTo(7);
  }

  @Test
  @DisplayName("is one journal, and not what was rejected beside it")
  void several() throws IOException {
    Files.writeString(dir.resolve("rejected.ndjson"), "{}\n");
    Files.writeString(dir.resolve("rejected.1.ndjson"), "{}\n");
    assertThatThrownBy(() -> SegmentSource.of(dir)).hasMessageContaining("no journal here");

    active(1, 2);
    assertThat(numbers(SegmentSource.of(dir), 1)).containsExactly(1L);

    Files.writeString(dir.resolve("other.ndjson"), "{}\n");
    assertThatThrownBy(() -> SegmentSource.of(dir)).hasMessageContaining("several journals");
  }
}
