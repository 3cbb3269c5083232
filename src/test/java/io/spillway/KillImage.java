package io.spillway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a kill would leave: a copy of a directory that somebody may still be writing to. */
public final class KillImage {
  private KillImage() {}

  /** Copies the files until none has come, gone or grown meanwhile: one moment, not several. */
  public static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    Map<String, Long> before = null;
    Map<String, Long> after = sizes(from);
    while (!after.equals(before)) {
      before = after;
      clear(to);
      for (String name : before.keySet()) {
        try {
          Files.copy(from.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException renamed) {
          break; // the sizes will differ, and it begins again
        }
      }
      after = sizes(from);
    }
  }

  private static void clear(Path dir) throws IOException {
    for (String name : sizes(dir).keySet()) {
      Files.delete(dir.resolve(name));
    }
  }

  private static Map<String, Long> sizes(Path dir) throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> files = Files.list(dir)) {
      for (Path file : files.toList()) {
        try {
          if (Files.isRegularFile(file)) {
            sizes.put(file.getFileName().toString(), Files.size(file));
          }
        } catch (NoSuchFileException renamed) {
          sizes.put(file.getFileName().toString(), -1L);
        }
      }
    }
    return sizes;
  }
}
