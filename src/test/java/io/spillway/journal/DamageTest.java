package io.spillway.journal;

import static io.spillway.journal.JournalLines.all;
import static io.spillway.journal.JournalLines.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.time.TimeSource;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("After random damage to its last file, the journal")
class DamageTest {
  private static final int ROUNDS = 150;

  @TempDir Path dir;

  /** What was stored, and how long the active file was when it was. */
  private record Stored(String text, long activeBytes, boolean closed) {}

  @ParameterizedTest
  @EnumSource
  @DisplayName("still has, in order, every append that the damage did not touch")
  void survives(Format format) throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("DamageTest seed " + seed + " (repeat with -Dseed=" + seed + ")");
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      Path here = dir.resolve(format + "-" + round);
      List<Stored> stored = fill(options(here, format), random);
      long intact = damage(here.resolve("j.ndjson"), random);
      try (Journal journal = Journal.open(options(here, format), TimeSource.SYSTEM)) {
        check(stored, all(journal), intact, format, "seed %d round %d".formatted(seed, round));
        long next = journal.next();
        assertThat(journal.append(lines("{\"fresh\":1}")).join()).isEqualTo(next);
      }
      try (Journal journal = Journal.open(options(here, format), TimeSource.SYSTEM)) {
        assertThat(journal.report().quarantinedFiles()).isZero();
        assertThat(all(journal)).last().asString().endsWith("{\"fresh\":1}");
      }
    }
  }

  private static List<Stored> fill(JournalOptions options, Random random) throws Exception {
    List<Stored> stored = new ArrayList<>();
    long offset = 1;
    try (Journal journal = Journal.open(options, TimeSource.SYSTEM)) {
      int appends = 1 + random.nextInt(40);
      for (int i = 0; i < appends; i++) {
        String[] records = new String[1 + random.nextInt(4)];
        for (int r = 0; r < records.length; r++) {
          records[r] = "{\"v\":\"" + "x".repeat(random.nextInt(60)) + "\"}";
        }
        assertThat(journal.append(lines(records)).join()).isEqualTo(offset);
        journal.sync();
        for (String record : records) {
          stored.add(new Stored(offset++ + " " + record, activeBytes(options), false));
        }
      }
      long activeFirst = journal.activeFirst();
      stored.replaceAll(
          each -> new Stored(each.text(), each.activeBytes(), offsetOf(each) < activeFirst));
    }
    return stored;
  }

  private static long activeBytes(JournalOptions options) throws IOException {
    Path active = new Layout(options.dir(), options.name()).active();
    return Files.exists(active) ? Files.size(active) : 0;
  }

  private static long offsetOf(Stored stored) {
    return Long.parseLong(stored.text().substring(0, stored.text().indexOf(' ')));
  }

  /** Returns how many bytes at the beginning of the file are as they were. */
  private static long damage(Path file, Random random) throws IOException {
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      int length = (int) content.length();
      if (length == 0) {
        return 0;
      }
      int at = random.nextInt(length);
      if (random.nextBoolean()) {
        content.setLength(at);
      } else {
        byte[] noise = new byte[1 + random.nextInt(length - at)];
        random.nextBytes(noise);
        content.seek(at);
        content.write(noise);
      }
      return at;
    }
  }

  private static void check(
      List<Stored> stored, List<String> found, long intact, Format format, String what) {
    List<String> expected = new ArrayList<>();
    for (Stored each : stored) {
      if (each.closed() || each.activeBytes() <= intact) {
        expected.add(each.text());
      }
    }
    assertThat(found).as("%s %s", format, what).hasSizeGreaterThanOrEqualTo(expected.size());
    assertThat(found.subList(0, expected.size())).as(what).isEqualTo(expected);
  }

  private static JournalOptions options(Path dir, Format format) {
    JournalOptions options =
        format == Format.PLAIN ? JournalOptions.plain(dir, "j") : JournalOptions.framed(dir, "j");
    return options.withSegments(1500, Duration.ZERO);
  }
}
