package io.spillway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.disk.ForgettingDisk;
import io.spillway.disk.Life;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Small files that are damaged are read: each is kept, once, and not told again. */
public final class QuarantineLife implements Life<QuarantineLife.Promised> {
  private static final List<String> FILES = List.of("one", "two", "three", "a/four", "a/five");

  /**
   * What has to hold.
   *
   * @param told these have been moved
   */
  public record Promised(Set<String> told) {}

  @Override
  public Promised before(Path dir, Random random) throws IOException {
    Files.createDirectories(dir.resolve("a"));
    for (String file : FILES) {
      Files.writeString(dir.resolve(file), "not what was written: " + file);
    }
    return new Promised(Set.of());
  }

  @Override
  public void live(ForgettingDisk disk, Promised promised, Random random, int steps)
      throws IOException {
    Set<String> told = new HashSet<>(promised.told);
    check(disk, told);
    for (int step = 0; step < steps; step++) {
      disk.killAfter(1 + random.nextInt(8));
      String file = FILES.get(random.nextInt(FILES.size()));
      try {
        Damages damages = new Damages();
        StateFile.read(disk.root().resolve(file), text -> text, false, "nothing", damages);
        if (!damages.words().isEmpty()) {
          assertThat(told.add(file)).as("told for the first time").isTrue();
          disk.promise(new Promised(Set.copyOf(told)));
        }
      } catch (IOException killed) {
        assertThat(disk.isDead()).as("killed, and not " + killed.getMessage()).isTrue();
      }
      disk.revive();
      check(disk, told);
    }
  }

  private static void check(ForgettingDisk disk, Set<String> told) throws IOException {
    for (String file : FILES) {
      Path place = disk.root().resolve(file);
      boolean isKept = isKept(place);
      assertThat(isKept || Files.exists(place)).as("is somewhere: " + file).isTrue();
      if (told.contains(file)) {
        assertThat(isKept && Files.notExists(place)).as("was moved: " + file).isTrue();
      }
    }
  }

  private static boolean isKept(Path place) throws IOException {
    Path quarantine = place.resolveSibling("quarantine");
    if (Files.notExists(quarantine)) {
      return false;
    }
    try (var kept = Files.list(quarantine)) {
      return kept.anyMatch(
          file -> file.getFileName().toString().startsWith(place.getFileName() + "-"));
    }
  }
}
