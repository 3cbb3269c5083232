package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Where a database stands in the journal. It moves by batches that are written, one behind the
 * other, though they may be told of in another order. Of one whose answer is lost it is not known:
 * where the database stands when it is opened again tells whether it is there.
 */
final class Standing {
  /**
   * A step that was made, or may have been, without its records: the journal has them.
   *
   * @param at how many were told of before, when it was told of last
   */
  private record Link(long from, long first, long next, boolean isKnown, long at) {

    boolean isSame(Link other) {
      return from == other.from && next == other.next;
    }
  }

  /** What is on its way over one connection, and over those before it that have not closed yet. */
  private static final int LINKS_MAX =
      PostgresDestination.PIPELINED * (PostgresDestination.CLOSING_MAX + 1);

  private final List<Link> links = new ArrayList<>();
  private long told;
  private final LostAnswers lost = new LostAnswers();
  private String journal;
  private long position;
  private long jumps;
  private long jumpedFrom;
  private long jumpedTo;

  /** Everything below is settled. */
  long position() {
    return position;
  }

  /** A batch is there. */
  void written(SinkBatch batch) {
    if (batch.from() == position) {
      moveTo(batch.next());
    } else { // what is before it has failed, or is told of later
      add(batch, true);
    }
  }

  /** A batch was sent, and may be there or not, or come to be. */
  void unanswered(SinkBatch batch) {
    add(batch, false);
  }

  private void add(SinkBatch batch, boolean isKnown) {
    Link link = new Link(batch.from(), batch.first(), batch.next(), isKnown, told++);
    for (int i = 0; i < links.size(); i++) {
      if (links.get(i).isSame(link)) {
        links.set(i, link); // as old as before: what was sent first is there first
        return;
      }
    }
    if (links.size() == LINKS_MAX) {
      links.remove(Collections.min(links, Comparator.comparingLong(Link::at)));
    }
    links.add(link);
  }

  private void moveTo(long next) {
    position = next;
    links.removeIf(link -> link.from() < position);
    for (Link link : links) {
      if (link.isKnown() && link.from() == position) {
        moveTo(link.next());
        return;
      }
    }
  }

  /**
   * The database was opened, and stands there: where it stood, or behind batches whose answer was
   * lost, which are there then; or somebody else has moved it.
   *
   * @param of the journal
   * @return whether somebody has moved it forward
   */
  boolean opened(String of, long next) {
    boolean isFirst = !of.equals(journal);
    if (isFirst) {
      links.clear();
      lost.clear();
    }
    journal = of;
    long before = position;
    List<Link> way = isFirst ? List.of() : way(before, next, List.copyOf(links));
    if (way == null) {
      links.clear();
    } else {
      way.stream()
          .filter(link -> !link.isKnown())
          .forEach(link -> lost.add(link.first(), link.next()));
    }
    moveTo(next);
    boolean jumped = way == null && next > before;
    if (jumped) {
      jumps++;
      jumpedFrom = before;
      jumpedTo = next;
    }
    return jumped;
  }

  /** By which of them it goes from one place to another; null if it does not. */
  private static List<Link> way(long from, long to, List<Link> by) {
    if (from == to) {
      return List.of();
    }
    for (Link link : by) {
      if (link.from() == from) {
        List<Link> others = new ArrayList<>(by);
        others.remove(link);
        List<Link> rest = way(link.next(), to, others);
        if (rest != null) {
          List<Link> all = new ArrayList<>(List.of(link));
          all.addAll(rest);
          return all;
        }
      }
    }
    return null;
  }

  /** What is there and was not told of. */
  LostAnswers lost() {
    return lost;
  }

  /** That somebody else has moved it, until the next start; {@link Fault#NONE} if nobody has. */
  Fault fault(String address) {
    return jumps == 0
        ? Fault.NONE
        : new Fault(
            FaultKind.LOST,
            String.format(
                Locale.ROOT,
                "%s: somebody else has moved next of journal %s from %d to %d (%,d times since the"
                    + " start): what lies between need not be there; let one server alone write"
                    + " this journal (delete journal.id in the data of a copy), and keep hands off"
                    + " next; set it to %d while the server is stopped, and what is missing is"
                    + " added, and once more each record without a readable time",
                address,
                journal,
                jumpedFrom,
                jumpedTo,
                jumps,
                jumpedFrom));
  }
}
