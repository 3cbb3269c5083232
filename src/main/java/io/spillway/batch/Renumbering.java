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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
 * @param from the first number that waits
 * @param carried how many records of the new epoch come from below {@code from}
 */
record Renumbering(String epoch, long from, long carried) {
  private static final String FILE = "renumber.json";
  private static final int RECORDS_AT_ONCE = 10_000;
  private static final int BYTES_AT_ONCE = 1 << 20;
  private static final byte[] ID = ",\"_id\":\"".getBytes(StandardCharsets.US_ASCII);

  /**
   * What is to be done with the epoch in {@code old}; null if nothing is. Where the file is
   * damaged, all of it is carried, perhaps once more. Blocking.
   */
  static Renumbering read(Path old, Damages damages) throws IOException {
    Path file = old.resolve(FILE);
    if (!Files.exists(file)) {
      return null;
    }
    return StateFile.read(
            file, Renumbering::parse, false, "all that is there goes under new numbers", damages)
        .map(StateFile.Content::value)
        .orElseGet(() -> new Renumbering("", 1, 0));
  }

  /** What was begun has to be gone on with while nothing else is in the new epoch. */
  static List<Path> begunFirst(Map<Path, Renumbering> plans, SpoolIdentity into) {
    List<Path> all = new ArrayList<>(plans.keySet());
    all.sort(Comparator.comparing(dir -> !plans.get(dir).epoch().equals(into.epoch())));
    return all;
  }

  private static Renumbering parse(String text) {
    JsonObject json = new JsonObject(text);
    return new Renumbering(json.getString("epoch"), json.getLong("from"), json.getLong("carried"));
  }

  /** On disk when this returns. Blocking. */
  void save(Path old) throws IOException {
    JsonObject json = new JsonObject().put("epoch", epoch).put("from", from);
    StateFile.write(old.resolve(FILE), json.put("carried", carried).encode());
  }

  /**
   * Appends what waits in {@code old} to {@code fresh}, to which nothing else was appended yet; of
   * what was begun before, the rest. What is there is let go of at once, so that a disk which holds
   * it once has the room. On disk when this returns. Blocking.
   *
   * @return how many records they are in all
   */
  long carry(Spool old, Spool fresh) throws IOException {
    boolean begun = fresh.identity().epoch().equals(epoch);
    long before = fresh.journal().next() - 1;
    long skipped = begun ? before - carried : 0;
    Renumbering now = this;
    try (Cursor cursor = old.journal().cursor(from)) {
      for (Slice slice = next(cursor, skipped); !slice.isEmpty(); slice = next(cursor, skipped)) {
        if (skipped > 0) {
          skipped -= slice.lines().count();
        } else {
          append(fresh.journal(), withoutIds(slice.lines()));
        }
        now = new Renumbering(epoch, slice.next(), now.carried + slice.lines().count());
        now.save(old.dir());
        old.journal().release(slice.next());
      }
    }
    return fresh.journal().next() - 1 - (begun ? 0 : before);
  }

  private static Slice next(Cursor cursor, long skipped) throws IOException {
    int most = skipped > 0 ? (int) Math.min(skipped, RECORDS_AT_ONCE) : RECORDS_AT_ONCE;
    return cursor.read(most, BYTES_AT_ONCE);
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
