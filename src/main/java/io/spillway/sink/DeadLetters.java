package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.journal.Disk;
import io.spillway.journal.RejectedLog;
import io.spillway.message.Lines;
import io.spillway.message.RecordKey;
import io.spillway.message.Rejected;
import io.spillway.retry.RateLimitedLog;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one database has refused, in {@code sinks/<name>/rejected.ndjson} beside the journal. After
 * a restart at the wrong moment the same record may be there twice.
 */
final class DeadLetters {
  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

  private final Path dir;
  private final String name;
  private final TimeSource time;
  private final RateLimitedLog rateLimitedLog = new RateLimitedLog(log);

  /**
   * @param journalDir the directory of the journal
   * @param name of the sink
   */
  DeadLetters(Path journalDir, String name, TimeSource time) {
    this.dir = journalDir.resolve("sinks").resolve(name);
    this.name = name;
    this.time = time;
  }

  /**
   * Keeps the one record of {@code batch}; on disk when this returns. Blocking.
   *
   * @throws Fault.Failure if the disk does not take it
   */
  Void keep(String journal, SinkBatch batch, String reason) throws Fault.Failure {
    Lines line = batch.lines();
    byte[] record = Arrays.copyOfRange(line.array(), line.from(), line.to() - 1);
    String key = journal + "." + batch.first();
    Rejected rejected = new Rejected(key, time.wallMs(), reason, record, record.length);
    try {
      Disk.REAL.makeDirectories(dir);
      new RejectedLog(dir).append(List.of(rejected));
    } catch (IOException error) {
      throw Fault.disk(error)
          .as("cannot keep on this disk what the database has refused: " + error.getMessage())
          .failure();
    }
    rateLimitedLog.warn(
        "[%s] refused the record at offset %d, %s: %s; it is kept in %s"
            .formatted(
                name,
                batch.first(),
                RecordKey.of(record, 0, record.length, key, 0).map(RecordKey::id).orElse(key),
                reason,
                dir.resolve("rejected.ndjson")));
    return null;
  }
}
