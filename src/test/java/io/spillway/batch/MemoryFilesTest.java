package io.spillway.batch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.journal.Damages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The two files of the redelivery memory")
class MemoryFilesTest {
  @TempDir Path dir;
  private final Damages damages = new Damages();
  private MemoryFiles files;

  @BeforeEach
  void open() {
    files = new MemoryFiles(dir);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  @DisplayName("are written beginning with the one that was torn, and then found torn at a start")
  void tornBeforeAStart(int torn) throws IOException {
    save("one");
    byte[] bytes = Files.readAllBytes(file(torn));
    Files.write(file(torn), Arrays.copyOf(bytes, bytes.length - 1));
    open();
    assertThat(load()).isEqualTo("one");
    failsAt(torn, "two");
    open();
    assertThat(load()).isEqualTo("one");
    save("three");
    open();
    assertThat(load()).isEqualTo("three");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  @DisplayName("leave the only whole one alone while the other cannot be written")
  void cannotBeWritten(int failing) throws IOException {
    save("one");
    failsAt(failing, "two");
    byte[] whole = Files.readAllBytes(file(1 - failing));
    failsAt(failing, "three");
    failsAt(failing, "four");
    assertThat(Files.readAllBytes(file(1 - failing))).isEqualTo(whole);
    save("five");
    for (int each = 0; each < 2; each++) {
      assertThat(Files.readString(file(each), ISO_8859_1)).endsWith("five");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  @DisplayName("are kept in the quarantine and told when they are damaged, not when unfinished")
  void damaged(int which) throws IOException {
    save("one");
    byte[] bytes = Files.readAllBytes(file(which));
    bytes[bytes.length - 1] ^= 1;
    Files.write(file(which), bytes);
    open();
    assertThat(load()).isEqualTo("one");
    assertThat(dir.resolve("quarantine/redelivery-" + which + "-0-1")).hasBinaryContent(bytes);
    assertThat(damages.words()).contains("redelivery-" + which, "the other of the two");

    bytes[7]++; // the save after it
    Files.write(file(which), bytes);
    open();
    assertThat(load()).isEqualTo("one");
    assertThat(damages.count()).isEqualTo(1);

    Files.delete(file(which));
    Files.createDirectory(file(which));
    Files.write(file(1 - which), new byte[9]);
    open();
    assertThat(files.load(damages)).isNull();
    assertThat(damages.count()).isEqualTo(3);
    assertThat(damages.words()).contains("is a directory", "counted as possibly double");
  }

  /** A directory cannot be opened for writing, whoever asks. */
  private void failsAt(int index, String text) throws IOException {
    Path file = file(index);
    Files.deleteIfExists(file);
    Files.createDirectory(file);
    assertThatThrownBy(() -> save(text)).isInstanceOf(IOException.class);
    Files.delete(file);
  }

  private Path file(int index) {
    return dir.resolve("redelivery-" + index);
  }

  private void save(String text) throws IOException {
    files.save(text.getBytes(UTF_8));
  }

  private String load() throws IOException {
    return new String(files.load(damages), UTF_8);
  }
}
