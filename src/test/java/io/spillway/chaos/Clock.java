package io.spillway.chaos;

import io.spillway.kit.Spillway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/** The wall clock that one installation sees; intervals go on as they do. */
final class Clock {
  private final Path file;

  /** For all starts of {@code of} from now on, if it {@code jumps}. */
  Clock(Spillway of, Path file, boolean jumps) {
    this.file = file;
    set(0);
    if (jumps) {
      fake(of);
    }
  }

  private void fake(Spillway of) {
    of.env("LD_PRELOAD", library().toString())
        .env("FAKETIME_TIMESTAMP_FILE", file.toString())
        .env("FAKETIME_CACHE_DURATION", "1")
        .env("DONT_FAKE_MONOTONIC", "1")
        .env("FAKETIME_DONT_RESET", "1");
  }

  private static Path library() {
    try (Stream<Path> found = Files.find(Path.of("/usr/lib"), 3, (path, is) -> isLibrary(path))) {
      return found.findFirst().orElseThrow();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private static boolean isLibrary(Path path) {
    return path.endsWith("faketime/libfaketime.so.1");
  }

  /** So many seconds before or after what it is. */
  void set(long seconds) {
    try {
      Path next = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(next, "%+d%n".formatted(seconds));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
