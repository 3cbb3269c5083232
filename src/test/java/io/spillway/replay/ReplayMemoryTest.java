package io.spillway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The note beside a source")
class ReplayMemoryTest {
  @TempDir private Path dir;

  @Test
  @DisplayName("says how far each broker is, after it was written and read")
  void roundTrip() throws IOException {
    Path file = dir.resolve("x.ndjson.replay");
    ReplayMemory memory =
        new ReplayMemory("ab", 3, 12, "cd", Map.of()).with("mqtt://a original", 7).with("b", 9);
    memory.write(file);

    assertThat(ReplayMemory.read(file)).isEqualTo(memory);
    assertThat(ReplayMemory.read(file).next("mqtt://a original")).isEqualTo(7);
    assertThat(ReplayMemory.read(file).next("another")).isEqualTo(1);
  }

  @Test
  @DisplayName("that is damaged or not there says nothing")
  void damaged() throws IOException {
    Path file = dir.resolve("x.ndjson.replay");
    assertThat(ReplayMemory.read(file)).isEqualTo(ReplayMemory.NONE);

    new ReplayMemory("ab", 3, 12, "cd", Map.of("b", 9L)).write(file);
    Files.writeString(file, Files.readString(file).replace("\"next\":9", "\"next\":99"));
    assertThat(ReplayMemory.read(file)).isEqualTo(ReplayMemory.NONE);
    Files.writeString(file, "{}");
    assertThat(ReplayMemory.read(file)).isEqualTo(ReplayMemory.NONE);
  }

  @Test
  @DisplayName("forgets the broker that was noted first, of many")
  void bounded() {
    ReplayMemory memory = ReplayMemory.NONE;
    for (int i = 0; i < 100; i++) {
      memory = memory.with("broker " + i, 5).with("broker 0", 6);
    }
    assertThat(memory.done()).hasSize(32).containsKeys("broker 0", "broker 99");
  }

  @Test
  @DisplayName("counts for no other source, and is begun anew for a file that was changed")
  void ofAnother() throws IOException {
    Path file = dir.resolve("x.ndjson");
    Files.writeString(file, "{\"a\":1}\n");
    List<String> said = new ArrayList<>();
    MemoryKeeper keeper = new MemoryKeeper(FileSource.of(file), "b", said::add);
    keeper.reached(2);
    keeper.save();
    assertThat(new MemoryKeeper(FileSource.of(file), "b", said::add).next()).isEqualTo(2);
    assertThat(said).isEmpty();

    Files.writeString(file, "{\"a\":2}\n");
    assertThat(new MemoryKeeper(FileSource.of(file), "b", said::add).next()).isEqualTo(1);
    assertThat(said).hasSize(1);
  }

  @Test
  @DisplayName("shows that a server has more than there was, where the source has grown otherwise")
  void overtaken() throws IOException {
    Path file = dir.resolve("x.ndjson");
    Files.writeString(file, "{\"a\":1}\n{\"a\":2}\n");
    MemoryKeeper first = new MemoryKeeper(FileSource.of(file), null, line -> {});
    assertThat(first.isOvertaken(3)).isFalse();
    assertThat(first.isOvertaken(9)).isFalse(); // it is an older copy, and all of it is there
    first.save();

    Files.writeString(file, "{\"a\":3}\n", StandardOpenOption.APPEND);
    MemoryKeeper grown = new MemoryKeeper(FileSource.of(file), null, line -> {});
    assertThat(grown.isOvertaken(3)).isFalse();
    assertThat(grown.isOvertaken(4)).isTrue();
    grown.save();
    assertThat(new MemoryKeeper(FileSource.of(file), null, line -> {}).isOvertaken(4)).isFalse();
  }

  @Test
  @DisplayName("is said once not to be written, and what that means")
  void unwritable() throws IOException {
    Path file = dir.resolve("x.ndjson");
    Files.writeString(file, "{\"a\":1}\n");
    List<String> said = new ArrayList<>();
    Files.createDirectories(dir.resolve("x.ndjson.replay/in the way"));
    MemoryKeeper keeper = new MemoryKeeper(FileSource.of(file), null, said::add);
    keeper.save();
    keeper.save();
    assertThat(said).singleElement().asString().contains("cannot be noted", "goes once more");
  }
}
