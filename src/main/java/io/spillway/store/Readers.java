package io.spillway.store;

import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.journal.Cursor;
import io.spillway.journal.Journal;
import io.spillway.journal.Slice;
import io.spillway.message.Lines;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the journal for whoever asks, from any offset. A cursor is kept where it has come to, as
 * the next request most often goes on there; a compressed segment would have to be unpacked from
 * its beginning again. Blocks; may be called from several threads.
 */
final class Readers {
  /** Open files at most. */
  private static final int KEPT_MAX = 64;

  private final Journal journal;
  private final String name;
  private final Map<Long, Cursor> kept = new LinkedHashMap<>();

  Readers(Journal journal, String name) {
    this.journal = journal;
    this.name = name;
  }

  /**
   * The records from {@code request.from()} on.
   *
   * @throws IOException if the disk cannot be read
   */
  Records read(ReadRequest request) throws IOException {
    if (request.maxRecords() == 0) {
      return answer(journal.next(), Lines.NONE);
    }
    Cursor cursor = take(request.from());
    Slice slice;
    try {
      slice = cursor.read(request.maxRecords(), request.maxBytes());
    } catch (IOException | RuntimeException error) {
      cursor.close();
      throw error;
    }
    keep(cursor);
    return answer(slice.first(), slice.lines());
  }

  /** Closes all that are kept. */
  synchronized void close() throws IOException {
    for (Cursor cursor : kept.values()) {
      cursor.close();
    }
    kept.clear();
  }

  private Records answer(long first, Lines lines) {
    return new Records(name, first, lines, journal.first(), journal.next());
  }

  private synchronized Cursor take(long from) {
    Cursor cursor = kept.remove(from);
    return cursor == null ? journal.cursor(from) : cursor;
  }

  private synchronized void keep(Cursor cursor) throws IOException {
    Cursor other = kept.put(cursor.position(), cursor);
    if (other != null) {
      other.close();
    } else if (kept.size() > KEPT_MAX) {
      Long oldest = kept.keySet().iterator().next();
      kept.remove(oldest).close();
    }
  }
}
