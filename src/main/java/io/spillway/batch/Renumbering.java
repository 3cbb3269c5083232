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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;

/**
 * Gives what waits other numbers. Where a server knows more numbers of an epoch than the spool ever
 * gave out, the spool was cut, restored from a backup, or copied, and nobody can say which records
 * stand under its numbers there. So what waits becomes records of a new epoch: some may be stored
 * twice, and none is taken for another.
 *
 * <p>Of the epoch that was put aside, {@code renumber.json} says how far it is; a crash at any
 * point is gone on from at the next start. Epochs that go under new numbers are behind all that do
 * not, and nothing is in the new epoch but what came from them, in order.
 *
 * @param epoch the new one, into which it has begun; empty before
 * @param next the number in the new epoch behind all that came from below {@code from}
 * @param from the first number that waits
 * @param carried how many records were given other numbers
 */
record Renumbering(String epoch, long next, long from, long carried) {
  static final String FILE = "renumber.json";

  /** Nothing of it has been carried, as far as is known. */
  static final Renumbering ALL = new Renumbering("", 1, 1, 0);

  /** That it was decided: that it is there says so, whatever becomes of the other file. */
  private static final String DECIDED = "renumber.decided.json";

  private static final int RECORDS_AT_ONCE = 10_000;
  private static final int BYTES_AT_ONCE = 1 << 20;
  private static final byte[] ID = ",\"_id\":\"".getBytes(StandardCharsets.US_ASCII);

  /**
   * What is to be done with the epoch in {@code old}; null if nothing is. Where the file is
   * damaged, all that waits there is carried, perhaps once more: it never goes under its old
   * numbers again, so the decision is on disk before a damaged file is moved away. Blocking.
   */
  static Renumbering read(Path old, Damages damages) throws IOException {
    if (!isDecided(old)) {
      return null;
    }
    Path decided = old.resolve(DECIDED);
    if (!Files.exists(decided)) {
      ALL.write(decided);
    }
    return StateFile.read(
            old.resolve(FILE),
            Renumbering::parse,
            false,
            "all that waits there goes under new numbers",
            damages)
        .map(StateFile.Content::value)
        .orElse(ALL);
  }

  /** Whether what waits in {@code old} goes under new numbers. */
  static boolean isDecided(Path old) {
    return Files.exists(old.resolve(FILE)) || Files.exists(old.resolve(DECIDED));
  }

  private static Renumbering parse(String text) {
    JsonObject json = new JsonObject(text);
    return new Renumbering(
        json.getString("epoch"),
        json.getLong("next"),
        json.getLong("from"),
        json.getLong("carried"));
  }

  /** On disk when this returns. Blocking. */
  void save(Path old) throws IOException {
    write(old.resolve(FILE));
  }

  private void write(Path file) throws IOException {
    JsonObject json = new JsonObject().put("epoch", epoch).put("next", next).put("from", from);
    StateFile.write(file, json.put("carried", carried).encode());
  }

  /**
   * Appends what waits in {@code old} to {@code fresh}; of what was begun before, the rest. What is
   * there is let go of at once, so that a disk which holds it once has the room. On disk when this
   * returns. Blocking.
   *
   * @param segmentBytes no more goes in one piece, as a piece is in one segment and goes with it
   * @return how many records they are in all
   */
  long carry(Spool old, Spool fresh, long segmentBytes) throws IOException {
    Journal journal = fresh.journal();
    Renumbering now = this;
    if (!epoch.equals(fresh.identity().epoch())) {
      long waits = Math.max(from, old.acknowledged());
      now = new Renumbering(fresh.identity().epoch(), journal.next(), waits, carried);
      now.save(old.dir());
    }
    long skipped = journal.next() - now.next; // appended, and a crash came before it was put down
    int bytes = (int) Math.min(BYTES_AT_ONCE, segmentBytes);
    try (Cursor cursor = old.journal().cursor(now.from)) {
      Slice slice = next(cursor, skipped, bytes);
      while (!slice.isEmpty()) {
        int count = slice.lines().count();
        if (skipped > 0) {
          skipped -= count;
        } else {
          append(journal, withoutIds(slice.lines()));
        }
        long reached = journal.next() - Math.max(0, skipped);
        now = new Renumbering(now.epoch, reached, slice.next(), now.carried + count);
        now.save(old.dir());
        old.journal().release(slice.next());
        slice = next(cursor, skipped, bytes);
      }
    }
    return now.carried;
  }

  private static Slice next(Cursor cursor, long skipped, int bytes) throws IOException {
    int most = skipped > 0 ? (int) Math.min(skipped, RECORDS_AT_ONCE) : RECORDS_AT_ONCE;
    return cursor.read(most, bytes);
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
      if (line[at] == ',' && Arrays.equals(line, at, at + ID.length, ID, 0, ID.length)) {
        return at;
      }
    }
    return end - 1; // it has none: only its brace goes
  }
}
