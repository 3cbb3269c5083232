package io.spillway.store;

import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.journal.Cursor;
import io.spillway.journal.Journal;
import io.spillway.journal.Slice;
import io.spillway.message.Lines;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the journal for whoever asks, from any offset. A cursor is kept where it has come to, as
 * the next request most often goes on there; a compressed segment would have to be unpacked from
 * its beginning again. Who has read enough does not say so, and may just be gone: one that nobody
 * has gone on with for a while is closed. Blocks; may be called from several threads.
 */
final class Readers {
  /** Open files at most. */
  private static final int KEPT_MAX = 64;

  /** A reader may be as slow as the slowest that are waited for, and does not lose its place. */
  static final Duration KEPT = Duration.ofMinutes(1);

  private final Journal journal;
  private final String name;

  /** By where they have come to, the one that has been kept for longest first. */
  private final Map<Long, Kept> kept = new LinkedHashMap<>();

  private record Kept(Cursor cursor, long sinceNanos) {}

  Readers(Journal journal, String name) {
    this.journal = journal;
    this.name = name;
  }

  /**
   * The records from {@code request.from()} on.
   *
   * @throws IOException if the disk cannot be read
   */
  Records read(ReadRequest request, long nowNanos) throws IOException {
    if (request.maxRecords() == 0) {
      return answer(journal.next(), Lines.NONE);
    }
    Cursor cursor = take(request.from());
    Slice slice;
    try {
      slice = cursor.read(request.maxRecords(), request.maxBytes());
    } catch (IOException | RuntimeException | Error error) {
      cursor.close();
      throw error;
    }
    keep(cursor, nowNanos);
    return answer(slice.first(), slice.lines());
  }

  /** Closes all that are kept. */
  synchronized void close() throws IOException {
    for (Kept each : kept.values()) {
      each.cursor().close();
    }
    kept.clear();
  }

  /** Closes those that nobody has gone on with for {@link #KEPT}; to be called now and then. */
  synchronized void tick(long nowNanos) throws IOException {
    for (Iterator<Kept> all = kept.values().iterator(); all.hasNext(); ) {
      Kept eldest = all.next();
      if (nowNanos - eldest.sinceNanos() <= KEPT.toNanos()) {
        return;
      }
      all.remove();
      eldest.cursor().close();
    }
  }

  /** How many are kept, each with a file open. */
  synchronized int kept() {
    return kept.size();
  }

  private Records answer(long first, Lines lines) {
    return new Records(name, first, lines, journal.first(), journal.next());
  }

  private synchronized Cursor take(long from) {
    Kept place = kept.remove(from);
    return place == null ? journal.cursor(from) : place.cursor();
  }

  private synchronized void keep(Cursor cursor, long nowNanos) throws IOException {
    Kept other = kept.remove(cursor.position()); // or the new one would be taken for as old
    kept.put(cursor.position(), new Kept(cursor, nowNanos));
    if (other != null) {
      other.cursor().close();
    } else if (kept.size() > KEPT_MAX) {
      Long oldest = kept.keySet().iterator().next();
      kept.remove(oldest).cursor().close();
    }
  }
}
