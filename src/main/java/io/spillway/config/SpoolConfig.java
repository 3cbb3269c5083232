package io.spillway.config;

import java.nio.file.Path;
import java.time.Duration;

/** The edge's store on disk. */
public record SpoolConfig(
    @Key(
            byDefault = "spool",
            form = Form.DIRECTORY,
            meaning = "the edge's store; a new one means a new epoch")
        Path dir,
    @Key(
            byDefault = "1073741824",
            min = 8_192,
            max = 1_099_511_627_776L,
            meaning =
                "most bytes of records that wait in it; its files have up to two segments more. A"
                    + " longer message is taken when nothing else waits. At least twice"
                    + " `segmentBytes`")
        long maxBytes,
    @Key(
            byDefault = "8388608",
            min = 4_096,
            max = 1_073_741_824,
            meaning = "size at which a segment file is closed")
        long segmentBytes,
    @Key(
            byDefault = "5",
            max = 1_000,
            meaning = "longest wait for more records before they are forced to the disk; 0: none")
        Duration commit,
    @Key(
            byDefault = "block",
            meaning =
                "block: stop acknowledging, the broker keeps the messages; every drop is counted")
        WhenFull whenFull)
    implements Checked {
  @Override
  public void check(Checks at) throws ConfigException {
    if (maxBytes < 2 * segmentBytes) {
      throw at.wrong(
          "maxBytes", Long.toString(maxBytes), "at least twice segmentBytes, " + 2 * segmentBytes);
    }
  }
}
