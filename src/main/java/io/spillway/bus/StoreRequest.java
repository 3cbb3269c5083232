package io.spillway.bus;

import io.spillway.message.Lines;
import io.spillway.message.Rejected;
import java.util.List;

/** What the server asks of the store. */
public sealed interface StoreRequest {

  /**
   * Where does this edge go on? The answer's {@code next} is never below {@code first}; if it is
   * above what was known, the step is written down before the answer. Fails with {@link
   * BusFailure#FORBIDDEN} if the epoch belongs to whoever has another key.
   *
   * @param key what proves that it is that edge's spool; null: it has none
   * @param assured below it a server has acknowledged everything to it; 1: nothing
   * @param assuredFrom in front of it, of those, some may have been dropped instead; 1: none
   * @param session which connection it is, later ones have higher numbers: from now on nothing is
   *     stored of earlier ones, so that the answer holds, whatever these have on their way
   */
  record Begin(
      String edge,
      String epoch,
      long first,
      String key,
      long assured,
      long assuredFrom,
      long session)
      implements StoreRequest {
    /** Of a spool that has dropped nothing. */
    public Begin(String edge, String epoch, long first, String key, long assured) {
      this(edge, epoch, first, key, assured, 1, 0);
    }

    /** Of a spool to which nothing was acknowledged. */
    public Begin(String edge, String epoch, long first, String key) {
      this(edge, epoch, first, key, 1);
    }

    /** Of one that has no key, either. */
    public Begin(String edge, String epoch, long first) {
      this(edge, epoch, first, null);
    }
  }

  /**
   * Records of an edge: sequence numbers {@code first} to {@code first + lines.count()}, but for
   * those that are rejected.
   *
   * @param refused sequence numbers without a line, in order, each with what to keep of it
   * @param key what it has said hello with; null: none
   * @param session which connection it is, see {@link Begin}
   */
  record Sequenced(
      String edge,
      String epoch,
      long first,
      Lines lines,
      List<Refused> refused,
      String key,
      long session)
      implements StoreRequest {
    /** Of a spool that has no key. */
    public Sequenced(String edge, String epoch, long first, Lines lines, List<Refused> refused) {
      this(edge, epoch, first, lines, refused, null, 0);
    }

    /** The sequence number behind the last record. */
    public long next() {
      return first + lines.count() + refused.size();
    }
  }

  /**
   * An edge does not hold the sequence numbers from {@code first} to in front of {@code next} any
   * more, whatever became of them: the answer comes when that is written down, behind what it has
   * sent before.
   *
   * @param key what it has said hello with; null: none
   * @param session which connection it is, see {@link Begin}
   */
  record StepOver(String edge, String epoch, long first, long next, String key, long session)
      implements StoreRequest {}

  /** Records of a plain client, which have no sequence, and what is no record. */
  record Plain(Lines lines, List<Rejected> rejected) implements StoreRequest {}

  /** A record of an edge that cannot be stored. */
  record Refused(long seq, Rejected rejected) {}
}
