package io.spillway.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.journal.StateFile.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A state file")
class StateFileTest {
  private static final String TEXT = "{\"edge\":\"pi-été\",\"next\":601}";

  @TempDir Path dir;
  private final Damages damages = new Damages();
  private Path file;

  @BeforeEach
  void name() {
    file = dir.resolve("new/state.json");
  }

  @Test
  @DisplayName("is one JSON object, read as it was written")
  void roundTrip() throws IOException {
    StateFile.write(file, TEXT);

    assertThat(Files.readString(file))
        .matches("\\{\"edge\":\"pi-été\",\"next\":601,\"crc32c\":\"[0-9a-f]{8}\"}\n");
    assertThat(read(false)).contains(new Content<>(TEXT, true));
    assertThat(damages.count()).isZero();
    assertThatThrownBy(() -> StateFile.write(file, "[1]"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("that is not there says nothing")
  void none() throws IOException {
    assertThat(read(false)).isEmpty();
    assertThat(damages.words()).isEmpty();
  }

  @Test
  @DisplayName("is not believed with any bit changed, or any of its end missing")
  void anyChange() throws IOException {
    byte[] whole = StateFile.seal(TEXT);
    Files.createDirectories(file.getParent());
    for (int bit = 0; bit < 8 * (whole.length - 1); bit++) { // behind it is a line end
      byte[] changed = whole.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file, changed);
      assertThat(read(false)).as("bit %d", bit).isEmpty();
      assertThat(file).doesNotExist();
    }
    for (int length = 0; length < whole.length - 1; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(read(false)).as("length %d", length).isEmpty();
    }
  }

  @Test
  @DisplayName("that is damaged is kept, named, and told with what is done without it")
  void quarantine() throws IOException {
    byte[] damaged = {52, -1, 49};
    Files.createDirectories(file.getParent());
    Files.write(file, damaged);

    assertThat(read(true)).isEmpty();

    Path kept = file.resolveSibling("quarantine/state.json-0-1");
    assertThat(kept).hasBinaryContent(damaged);
    assertThat(damages.words())
        .isEqualTo(file + ": is not text, kept as " + kept.toAbsolutePath() + "; another knows");
  }

  @Test
  @DisplayName("that is a directory is moved out of the way as well")
  void directory() throws IOException {
    Files.createDirectories(file.resolve("sub"));
    assertThat(read(true)).isEmpty();
    assertThat(file).doesNotExist();
    assertThat(damages.count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("of version 0.1 has no checksum, and is taken only where there may be one")
  void older(boolean olderToo) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, TEXT);
    assertThat(read(olderToo))
        .isEqualTo(olderToo ? Optional.of(new Content<>(TEXT, false)) : Optional.empty());
    assertThat(damages.count()).isEqualTo(olderToo ? 0 : 1);
  }

  @Test
  @DisplayName("that its owner cannot read is damaged, whatever its checksum")
  void unusable() throws IOException {
    StateFile.write(file, TEXT);
    assertThat(StateFile.read(file, text -> Long.parseLong("x"), false, "another knows", damages))
        .isEmpty();
    assertThat(damages.words()).contains("state.json").contains("quarantine");
  }

  @Test
  @DisplayName("that says a wrong number is told without the words of Java")
  void wrongNumber() throws IOException {
    StateFile.write(file, TEXT);
    assertThat(StateFile.read(file, Long::valueOf, false, "otherwise", damages)).isEmpty();
    assertThat(damages.words()).contains("does not say what it should").doesNotContain("For input");
  }

  @Test
  @DisplayName("has directories that are there after a power cut: each one's parent is synced")
  void directories() throws IOException {
    List<Path> synced = new ArrayList<>();
    Disk disk =
        new Disk() {
          @Override
          public void syncDirectory(Path directory) throws IOException {
            super.syncDirectory(directory);
            synced.add(dir.relativize(directory));
          }
        };

    StateFile.write(disk, dir.resolve("a/b/c/state.json"), TEXT);

    List<Path> wanted = Stream.of("..", "", "a", "a/b", "a/b/c").map(Path::of).toList();
    assertThat(synced).isEqualTo(wanted);
    synced.clear();
    disk.makeDirectories(dir.resolve("a")); // an earlier start may have come no further
    assertThat(synced).containsExactly(Path.of(""));
  }

  private Optional<Content<String>> read(boolean olderToo) throws IOException {
    return StateFile.read(file, StateFileTest::object, olderToo, "another knows", damages);
  }

  private static String object(String text) {
    if (!text.startsWith("{\"edge\":\"") || !text.endsWith("}")) {
      throw new IllegalArgumentException(new String(text.getBytes(UTF_8), UTF_8));
    }
    return text;
  }
}
