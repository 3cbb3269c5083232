package io.spillway.journal;

import io.spillway.journal.JournalModel.Limits;
import io.spillway.kit.Depth;
import io.spillway.kit.InMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Whatever is done to it, in any order, the journal")
class JournalModelTest {
  @TempDir(factory = InMemory.class)
  Path temp;

  static Stream<Arguments> kinds() {
    return Stream.of(Format.values())
        .flatMap(format -> Stream.of(Limits.values()).map(limits -> Arguments.of(format, limits)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("kinds")
  @DisplayName("is a list of what was acknowledged, and shortened only by what was allowed")
  void sequences(Format format, Limits limits) throws Exception {
    int count = Depth.of(25, 2_500);
    for (long seed = 1; seed <= count; seed++) {
      Path dir = Files.createDirectories(temp.resolve("seed-" + seed));
      JournalModel model = new JournalModel(dir, format, limits, seed);
      try {
        model.run(30);
      } catch (Exception | AssertionError error) {
        throw new AssertionError(
            "%s, %s, seed %d: %s".formatted(format, limits, seed, model.steps()), error);
      }
    }
  }
}
