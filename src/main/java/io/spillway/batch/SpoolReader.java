package io.spillway.batch;

import io.spillway.batch.SendWindow.Oversized;
import io.spillway.bus.Fault;
import io.spillway.config.BatchConfig;
import io.spillway.journal.Cursor;
import io.spillway.journal.RejectedLog;
import io.spillway.journal.Slice;
import io.spillway.message.Lines;
import io.spillway.message.Rejected;
import io.spillway.retry.OutageLog;
import io.spillway.retry.RateLimitedLog;
import io.spillway.time.TimeSource;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the spool, and keeps elsewhere what cannot be sent. All methods block; one at a time. */
final class SpoolReader implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(SpoolReader.class);

  private final SpoolIdentity identity;
  private final Cursor cursor;
  private final RejectedLog rejected;
  private final BatchConfig batch;
  private final TimeSource time;
  private final OutageLog outage;
  private final RateLimitedLog oversized;
  private volatile Fault fault = Fault.NONE;

  /** Most bytes to be read at once; fewer when the memory did not suffice for as many. */
  private int bytesMax;

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
    bytesMax = batch.bytesFor(Runtime.getRuntime().maxMemory());
    outage = new OutageLog(log, "[spool] reading:", time);
    oversized = new RateLimitedLog(log, time);
  }

  /** A batch from {@code offset} on; above it if what was there is lost. */
  Slice read(long offset) throws IOException {
    try {
      cursor.seek(offset);
      Slice slice = cursor.read(batch.maxRecords(), bytesMax);
      outage.up();
      return slice;
    } catch (IOException error) {
      outage.down(Fault.disk(error));
      throw error;
    } catch (OutOfMemoryError full) {
      throw tooMuch();
    } finally {
      fault = outage.fault();
    }
  }

  /** What there is of it is given back, and the next read asks for half as much. */
  private IOException tooMuch() throws IOException {
    cursor.close();
    bytesMax = Math.max(1, bytesMax / 2);
    String words =
        "the memory does not suffice for a batch of it; smaller ones are tried. Give the process more"
            + " with -Xmx, or make edge.batch.maxBytes smaller";
    outage.down(words);
    return new IOException(words);
  }

  /** Why the spool cannot be read; {@link Fault#NONE} if it can. Any thread may ask. */
  Fault fault() {
    return fault;
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
    oversized.warn("[spool] " + record.reason() + ": kept in rejected.ndjson");
    return one.next();
  }

  @Override
  public void close() throws IOException {
    cursor.close();
  }
}
