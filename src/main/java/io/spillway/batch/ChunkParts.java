package io.spillway.batch;

import io.spillway.bus.Arrival;
import io.spillway.bus.Chunk;
import io.spillway.message.Lines;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * A chunk on its way into the spool, in as many parts as the room there asks for: a chunk is what
 * happened to come in one go, and its length says nothing about whether it fits.
 *
 * <p>Each part is a chunk of whole messages. The last one has the id of the whole; that of any
 * other is derived from it and from how far it reaches. As the spool remembers ids with what it
 * stores, a chunk that comes again goes on where it had got to, also after a crash. (Ids are random
 * numbers of 64 bits: a derived one meets another chunk's as rarely as two of them meet.)
 */
final class ChunkParts {
  /** More messages than any chunk has, and next to nothing beside all ids there are. */
  private static final long MESSAGES_MAX = 1 << 17;

  private final Chunk chunk;
  private final int stampBytes;
  private final boolean storedAlready;
  private Lines lines;
  private int messages;
  private int rejected;
  private boolean begun;
  private boolean done;

  /**
   * @param stampBytes how much longer a record is in the spool
   * @param stored whether the spool remembers a part with this id; asked only of a chunk that comes
   *     again
   */
  ChunkParts(Chunk chunk, int stampBytes, LongPredicate stored) {
    this.chunk = chunk;
    this.stampBytes = stampBytes;
    lines = chunk.lines();
    storedAlready = chunk.again() && stored.test(chunk.id());
    if (chunk.again() && !storedAlready) {
      passMessages(reachOfStored(stored));
    }
  }

  /** Whether these are ids of parts of one chunk: one of the two reaches further. */
  static boolean areOfOne(long id, long other) {
    long apart = id - other;
    return -MESSAGES_MAX < apart && apart < MESSAGES_MAX;
  }

  private int reachOfStored(LongPredicate stored) {
    int reach = chunk.arrivals().size() - 1;
    while (reach > 0 && !stored.test(chunk.id() + reach)) {
      reach--;
    }
    return Math.max(0, reach);
  }

  /** A part of it was passed. */
  boolean isBegun() {
    return begun;
  }

  /** Nothing is left of it. */
  boolean isDone() {
    return done;
  }

  /**
   * The next part: the messages whose records take up to so many bytes in the spool; at least one.
   */
  Chunk head(long bytes) {
    if (storedAlready) {
      return chunk;
    }
    List<Arrival> rest = rest();
    if (sizeOf(lines.length(), lines.count()) <= bytes) {
      return messages == 0 ? chunk : part(rest, lines);
    }
    int count = 0;
    int records = 0;
    int end = lines.from();
    while (count < rest.size()) {
      int withNext = records + rest.get(count).records();
      int endWithNext = endOf(rest.get(count), end);
      if (count > 0 && sizeOf(endWithNext - lines.from(), withNext) > bytes) {
        break;
      }
      count++;
      records = withNext;
      end = endWithNext;
    }
    return part(rest.subList(0, count), new Lines(lines.array(), lines.from(), end, records));
  }

  /**
   * Of what is left the first messages each of which alone takes more than that; at least one. What
   * has no record always fits, even where more is stored than there is room for: a rejected message
   * is kept elsewhere, and a release left out would leave its message holding the identifier.
   */
  Chunk misfits(long bytes) {
    List<Arrival> rest = rest();
    int count = 0;
    int records = 0;
    int end = lines.from();
    while (count < rest.size()) {
      Arrival message = rest.get(count);
      int endWithNext = endOf(message, end);
      boolean fits =
          message.records() == 0 || sizeOf(endWithNext - end, message.records()) <= bytes;
      if (count > 0 && fits) {
        break;
      }
      count++;
      records += message.records();
      end = endWithNext;
    }
    return part(rest.subList(0, count), new Lines(lines.array(), lines.from(), end, records));
  }

  /** How much room a part takes. */
  long sizeOf(Chunk part) {
    return sizeOf(part.lines().length(), part.lines().count());
  }

  /** This part, the last that was asked for, is dealt with: on with what lies behind it. */
  void passed(Chunk part) {
    begun = true;
    if (messages + part.arrivals().size() == chunk.arrivals().size()) {
      done = true;
    } else {
      passMessages(part.arrivals().size());
    }
  }

  private long sizeOf(long bytes, int records) {
    return bytes + (long) records * stampBytes;
  }

  private List<Arrival> rest() {
    return chunk.arrivals().subList(messages, chunk.arrivals().size());
  }

  /** Where the records of a message end that begin at {@code start}. */
  private int endOf(Arrival message, int start) {
    int end = start;
    for (int record = 0; record < message.records(); record++) {
      end = lines.endOfLine(end);
    }
    return end;
  }

  private Chunk part(List<Arrival> arrivals, Lines records) {
    int reach = messages + arrivals.size();
    long id = reach == chunk.arrivals().size() ? chunk.id() : chunk.id() + reach;
    return new Chunk(
        id,
        chunk.again(),
        records,
        arrivals,
        chunk.rejected().subList(rejected, rejected + rejectedOf(arrivals)),
        chunk.newSession() && messages == 0,
        messages == 0 ? chunk.readOn() : chunk.readOn().withoutCopies());
  }

  private void passMessages(int count) {
    List<Arrival> passed = chunk.arrivals().subList(messages, messages + count);
    lines = lines.skip(passed.stream().mapToInt(Arrival::records).sum());
    rejected += rejectedOf(passed);
    messages += count;
  }

  private static int rejectedOf(List<Arrival> arrivals) {
    return (int) arrivals.stream().filter(Arrival::isRejected).count();
  }
}
