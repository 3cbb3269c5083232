package io.spillway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The server's store on disk.
 *
 * @param file name of the segment being written, in {@code dir}
 * @param commit longest wait for more records before they are forced to the disk; zero: none
 * @param segmentBytes size at which a segment is closed
 * @param segmentAge age at which a segment is closed
 * @param gzip compress closed segments
 * @param keepAge closed segments older than this are deleted; zero: kept for ever
 * @param keepBytes most all segments together may hold; 0: no limit
 */
public record JournalConfig(
    Path dir,
    String file,
    Duration commit,
    long segmentBytes,
    Duration segmentAge,
    boolean gzip,
    Duration keepAge,
    long keepBytes) {
  private static final Map<String, Boolean> COMPRESS = Choices.of("gzip", true, "none", false);
  private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\\.ndjson");

  static JournalConfig from(Section section) throws ConfigException {
    JournalConfig config =
        new JournalConfig(
            Paths.directory(section, "dir", "data"),
            file(section),
            section.millis("commitMs", 0, 1_000, 5),
            section.whole("segmentBytes", 4_096, 10_737_418_240L, 67_108_864),
            Duration.ofMinutes(section.whole("segmentMinutes", 1, 10_080, 60)),
            section.choice("compress", COMPRESS, "gzip"),
            Duration.ofDays(section.wholeOrOff("keepDays", 36_500, 30L)),
            section.wholeOrOff("keepBytes", 1_125_899_906_842_624L, null));
    if (config.keepBytes != 0 && config.keepBytes < 2 * config.segmentBytes) {
      throw section.wrong(
          "keepBytes",
          Long.toString(config.keepBytes),
          "null, 0 or at least twice segmentBytes, " + 2 * config.segmentBytes);
    }
    section.rejectUnknownKeys();
    return config;
  }

  private static String file(Section section) throws ConfigException {
    String allowed = "a plain file name that ends in .ndjson";
    String file = section.text("file", allowed, "ingest.ndjson");
    // The store keeps what it could not accept beside the journal, under this name.
    if (!FILE.matcher(file).matches() || file.equals("rejected.ndjson")) {
      throw section.wrong("file", Section.found(file), allowed);
    }
    return file;
  }
}
