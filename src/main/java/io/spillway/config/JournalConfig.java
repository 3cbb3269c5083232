package io.spillway.config;

import java.nio.file.Path;
import java.time.Duration;

/** The server's store on disk. */
public record JournalConfig(
    @Key(
            byDefault = "data",
            form = Form.DIRECTORY,
            variables = "OUT_DIR",
            meaning = "the server's store")
        Path dir,
    @Key(
            byDefault = "ingest.ndjson",
            form = Form.JOURNAL_FILE,
            meaning =
                "the segment being written; another name begins another journal, whose offsets begin"
                    + " anew: give that a `dir` of its own, too")
        String file,
    @Key(byDefault = "5", max = 1_000, meaning = "as for the spool") Duration commit,
    @Key(
            byDefault = "67108864",
            off = true,
            min = 4_096,
            max = 10_737_418_240L,
            meaning = "size at which a segment is closed; null: never by size")
        long segmentBytes,
    @Key(
            name = "segmentMinutes",
            byDefault = "60",
            off = true,
            min = 1,
            max = 10_080,
            meaning =
                "age at which a segment is closed; null: never by age. A server made by variables"
                    + " has one file that grows")
        Duration segmentAge,
    @Key(
            name = "compress",
            byDefault = "gzip",
            words = {"gzip", "none"},
            meaning = "of closed segments")
        boolean gzip,
    @Key(
            name = "keepDays",
            off = true,
            max = 36_500,
            meaning = "closed segments older than this are deleted; null or 0: kept for ever")
        Duration keepAge,
    @Key(
            off = true,
            max = 1_125_899_906_842_624L,
            meaning =
                "most all segments may hold, at least twice `segmentBytes`; null or 0: no limit")
        long keepBytes)
    implements Checked {
  @Override
  public void check(Checks at) throws ConfigException {
    if (keepBytes != 0 && keepBytes < 2 * segmentBytes) {
      throw at.wrong(
          "keepBytes",
          Long.toString(keepBytes),
          "null, 0 or at least twice segmentBytes, " + 2 * segmentBytes);
    }
    if (segmentBytes == 0 && keepBytes != 0) {
      throw at.wrong("keepBytes", Long.toString(keepBytes), "null where segmentBytes is null");
    }
    if (segmentBytes == 0 && segmentAge.isZero() && !keepAge.isZero()) {
      String found = Long.toString(keepAge.toDays());
      throw at.wrong("keepDays", found, "null where segmentBytes and segmentMinutes are null");
    }
  }
}
