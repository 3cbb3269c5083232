package io.spillway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * The edge's store on disk.
 *
 * @param maxBytes most the spool may hold; at least two segments
 * @param segmentBytes size at which a segment file is closed
 * @param commit longest wait for more records before they are forced to the disk; zero: none
 */
public record SpoolConfig(
    Path dir, long maxBytes, long segmentBytes, Duration commit, WhenFull whenFull) {
  private static final Map<String, WhenFull> WHEN_FULL =
      Choices.of(
          "block",
          WhenFull.BLOCK,
          "dropOldest",
          WhenFull.DROP_OLDEST,
          "dropNewest",
          WhenFull.DROP_NEWEST);

  static SpoolConfig from(Section section) throws ConfigException {
    SpoolConfig config =
        new SpoolConfig(
            Paths.directory(section, "dir", "spool"),
            section.whole("maxBytes", 8_192, 1_099_511_627_776L, 1_073_741_824),
            section.whole("segmentBytes", 4_096, 1_073_741_824, 8_388_608),
            section.millis("commitMs", 0, 1_000, 5),
            section.choice("whenFull", WHEN_FULL, "block"));
    if (config.maxBytes < 2 * config.segmentBytes) {
      throw section.wrong(
          "maxBytes",
          Long.toString(config.maxBytes),
          "at least twice segmentBytes, " + 2 * config.segmentBytes);
    }
    section.rejectUnknownKeys();
    return config;
  }
}
