package io.spillway.batch;

import io.spillway.batch.SendWindow.Oversized;
import io.spillway.config.BatchConfig;
import io.spillway.journal.Cursor;
import io.spillway.journal.RejectedLog;
import io.spillway.journal.Slice;
import io.spillway.message.Lines;
import io.spillway.message.Rejected;
import io.spillway.time.TimeSource;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Reads the spool, and keeps elsewhere what cannot be sent. All methods block; one at a time. */
final class SpoolReader implements Closeable {
  private final SpoolIdentity identity;
  private final Cursor cursor;
  private final RejectedLog rejected;
  private final BatchConfig batch;
  private final TimeSource time;

  SpoolReader(
      SpoolIdentity identity,
      Cursor cursor,
      RejectedLog rejected,
      BatchConfig batch,
      TimeSource time) {
    this.identity = identity;
    this.cursor = cursor;
    this.rejected = rejected;
    this.batch = batch;
    this.time = time;
  }

  /** A batch from {@code offset} on; above it if what was there is lost. */
  Slice read(long offset) throws IOException {
    cursor.seek(offset);
    return cursor.read(batch.maxRecords(), batch.maxBytes());
  }

  /**
   * Puts a record into {@code rejected.ndjson}.
   *
   * @return the offset behind it; its own if it is not in the spool any more
   */
  long setAside(Oversized record) throws IOException {
    cursor.seek(record.offset());
    Slice one = cursor.read(1, 1);
    if (one.isEmpty() || one.first() > record.offset()) {
      return record.offset();
    }
    Lines line = one.lines();
    byte[] bytes = Arrays.copyOfRange(line.array(), line.from(), line.to() - 1);
    String id = identity.edge() + '.' + identity.epoch() + '.' + one.first();
    rejected.append(List.of(new Rejected(id, time.wallMs(), record.reason(), bytes, bytes.length)));
    return one.next();
  }

  @Override
  public void close() throws IOException {
    cursor.close();
  }
}
