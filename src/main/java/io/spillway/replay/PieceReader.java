package io.spillway.replay;

import io.spillway.replay.Shaped.Fate;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads what goes out, piece by piece: as many lines as fit into a message, of numbers without a
 * hole. Blocking, and for one thread at a time.
 */
final class PieceReader implements Closeable {
  /** So many lines are looked at in one call, so that nobody waits for long. */
  private static final int LOOKED_AT_MAX = 20_000;

  private final SourceLines lines;
  private final Shaper shaper;
  private final Consumer<Shaped> looked;
  private final long from;
  private final long last;

  /** Read and not yet given. */
  private Shaped ahead;

  /** What came in the way of the piece that was given last, to be told behind it. */
  private IOException problem;

  private long seen;
  private boolean ended;

  /**
   * Goes on with a source.
   *
   * @param looked is told of each line that was looked at
   * @param from lower numbers are passed over
   * @param last what comes behind is not of it yet
   */
  PieceReader(
      SourceLines lines,
      Choice choice,
      Shaper shaper,
      Consumer<Shaped> looked,
      long from,
      long last) {
    this.lines = lines;
    this.shaper = shaper;
    this.looked = looked;
    this.from = Math.max(from, choice.from());
    this.last = Math.min(last, choice.to());
  }

  /** Whether all is read. */
  boolean isAtEnd() {
    return ended && ahead == null && problem == null;
  }

  /**
   * The next piece; empty at the end, and where there was none among the lines that were looked at.
   *
   * @throws IOException if the source cannot be read on
   */
  Optional<Piece> next(Terms terms) throws IOException {
    if (problem != null) {
      throw problem;
    }
    for (int looked = 0; fill(terms); looked++) {
      if (ahead.isSent()) {
        return Optional.of(piece(terms));
      }
      ahead = null;
      if (looked == LOOKED_AT_MAX) {
        break;
      }
    }
    return Optional.empty();
  }

  private Piece piece(Terms terms) {
    List<Outgoing> taken = new ArrayList<>();
    long first = ahead.number();
    int bytesMax = Math.min(Terms.BYTES, terms.lineBytesMax());
    int bytes = 0;
    do {
      taken.add(ahead.line());
      bytes += ahead.line().bytes().length + 1;
      ahead = null;
    } while (taken.size() < terms.lines()
        && goesOn(terms)
        && ahead.isSent()
        && ahead.number() == first + taken.size()
        && bytes + ahead.line().bytes().length < bytesMax);
    return new Piece(first, taken);
  }

  /** The same, where what was read before has to go first. */
  private boolean goesOn(Terms terms) {
    try {
      return fill(terms);
    } catch (IOException error) {
      problem = error;
      return false;
    }
  }

  /** Whether there is a line ahead. */
  private boolean fill(Terms terms) throws IOException {
    while (ahead == null && !ended) {
      if (!lines.next()) {
        ended = true;
        mustHaveReached(last);
      } else if (lines.number() > last) {
        ended = true;
      } else {
        seen = lines.number();
        if (seen >= from) {
          ahead = look(terms);
          looked.accept(ahead);
        }
      }
    }
    return ahead != null;
  }

  private void mustHaveReached(long number) throws IOException {
    if (seen < number) {
      throw new IOException(
          "it ends at line %,d, and had %,d a moment ago".formatted(seen, number));
    }
  }

  private Shaped look(Terms terms) {
    Shaped shaped = shaper.shape(lines.number(), lines.array(), lines.from(), lines.to());
    boolean fits =
        shaped.fate() != Fate.SENT || shaped.line().bytes().length < terms.lineBytesMax();
    return fits ? shaped : Shaper.tooLong(shaped.line(), terms.lineBytesMax() - 1);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
