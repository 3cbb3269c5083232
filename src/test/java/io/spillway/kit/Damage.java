package io.spillway.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What a failing disk, a careless hand or a backup does to a file; the same for the same seed. */
public final class Damage {
  private final Random random;

  public Damage(long seed) {
    random = new Random(seed);
  }

  /** Damages one of the files that are in these directories, and returns it. */
  public Path any(Path... dirs) throws IOException {
    Path dir = dirs[random.nextInt(dirs.length)];
    try (Stream<Path> all = Files.list(dir)) {
      List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
      Path file = files.get(random.nextInt(files.size()));
      make(file);
      return file;
    }
  }

  private void make(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    switch (bytes.length == 0 ? 2 : random.nextInt(4)) {
      case 0, 3 -> flip(file, bytes);
      case 1 -> Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      default -> Files.delete(file);
    }
  }

  private void flip(Path file, byte[] bytes) throws IOException {
    for (int flips = 1 + random.nextInt(5); flips > 0; flips--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    Files.write(file, bytes);
  }
}
