package io.spillway.batch;

import io.spillway.journal.Cursor;
import io.spillway.journal.Damages;
import io.spillway.journal.Journal;
import io.spillway.journal.Slice;
import io.spillway.journal.StateFile;
import io.spillway.message.Lines;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

/**
 * Gives what waits other numbers. Where a server knows more numbers of an epoch than the spool ever
 * gave out, the spool was cut, restored from a backup, or copied, and nobody can say which records
 * stand under its numbers there. So what waits becomes records of a new epoch: some may be stored
 * twice, and none is taken for another.
 *
 * <p>Of the epoch that was put aside, {@code renumber.json} says from where on, and into which; a
 * crash at any point is gone on from at the next start.
 *
 * @param epoch the new one, into which it has begun
 * @param from the first number that the server is not known to have
 */
record Renumbering(String epoch, long from) {
  private static final String FILE = "renumber.json";
  private static final int RECORDS_AT_ONCE = 10_000;
  private static final int BYTES_AT_ONCE = 1 << 20;
  private static final byte[] ID = ",\"_id\":\"".getBytes(StandardCharsets.US_ASCII);

  /** What is to be done with the epoch in {@code old}; null if nothing is. Blocking. */
  static Renumbering read(Path old, Damages damages) throws IOException {
    return StateFile.read(
            old.resolve(FILE),
            Renumbering::parse,
            false,
            "what waits there goes under its old numbers",
            damages)
        .map(StateFile.Content::value)
        .orElse(null);
  }

  private static Renumbering parse(String text) {
    JsonObject json = new JsonObject(text);
    return new Renumbering(json.getString("epoch"), json.getLong("from"));
  }

  /** On disk when this returns. Blocking. */
  void save(Path old) throws IOException {
    StateFile.write(
        old.resolve(FILE), new JsonObject().put("epoch", epoch).put("from", from).encode());
  }

  /**
   * Appends what waits in {@code old} to {@code fresh}, to which nothing else was appended yet; of
   * what was begun before, the rest. On disk when this returns. Blocking.
   *
   * @return how many records they are in all
   */
  long carry(Journal old, Spool fresh) throws IOException {
    long first = Math.max(from, old.first());
    boolean begun = fresh.identity().epoch().equals(epoch);
    long done = begun ? fresh.journal().next() - 1 : 0;
    try (Cursor cursor = old.cursor(first + done)) {
      Slice slice = cursor.read(RECORDS_AT_ONCE, BYTES_AT_ONCE);
      while (!slice.isEmpty()) {
        append(fresh.journal(), withoutIds(slice.lines()));
        slice = cursor.read(RECORDS_AT_ONCE, BYTES_AT_ONCE);
      }
    }
    return old.next() - first;
  }

  private static void append(Journal journal, Lines lines) throws IOException {
    try {
      journal.append(lines).get();
    } catch (ExecutionException error) {
      throw new IOException(error.getCause().getMessage(), error.getCause());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stop);
    }
  }

  /** The records as they were before they were given numbers: the stamp is the last member. */
  private static Lines withoutIds(Lines stamped) {
    Lines.Builder lines = new Lines.Builder(stamped.length());
    int start = stamped.from();
    for (int line = 0; line < stamped.count(); line++) {
      int end = stamped.endOfLine(start);
      lines.put(stamped.array(), start, endWithoutId(stamped.array(), start, end - 1));
      lines.put('}').endLine();
      start = end;
    }
    return lines.build();
  }

  private static int endWithoutId(byte[] line, int start, int end) {
    for (int at = end - ID.length; at > start; at--) {
      if (line[at] == ',' && java.util.Arrays.equals(line, at, at + ID.length, ID, 0, ID.length)) {
        return at;
      }
    }
    return end - 1; // it has none: only its brace goes
  }
}
