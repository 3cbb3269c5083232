package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Where a database stands in the journal. It moves by batches that are written, one behind the
 * other, though they may be told of in another order. Of one whose answer is lost it is not known:
 * where the database stands when it is opened again tells whether it is there.
 */
final class Standing {
  /** A step that was made, or may have been; one that is known of has no records any more. */
  private record Link(SinkBatch batch, boolean isKnown) {}

  /** Those of two attempts, of two batches each. */
  private static final int LINKS_MAX = 4;

  private final List<Link> links = new ArrayList<>();
  private final Deque<SinkBatch> lost = new ArrayDeque<>();
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
      add(new Link(batch.passed(), true));
    }
  }

  /** A batch was sent, and may be there or not, or come to be. */
  void unanswered(SinkBatch batch) {
    add(new Link(batch, false));
  }

  private void add(Link link) {
    links.removeIf(each -> isSame(each.batch(), link.batch()));
    if (links.size() == LINKS_MAX) {
      links.remove(0);
    }
    links.add(link);
  }

  private static boolean isSame(SinkBatch one, SinkBatch other) {
    return one.from() == other.from() && one.next() == other.next();
  }

  private void moveTo(long next) {
    position = next;
    links.removeIf(link -> link.batch().from() < position);
    for (Link link : links) {
      if (link.isKnown() && link.batch().from() == position) {
        moveTo(link.batch().next());
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
      way.stream().filter(link -> !link.isKnown()).forEach(link -> lost.add(link.batch()));
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
      if (link.batch().from() == from) {
        List<Link> others = new ArrayList<>(by);
        others.remove(link);
        List<Link> rest = way(link.batch().next(), to, others);
        if (rest != null) {
          List<Link> all = new ArrayList<>(List.of(link));
          all.addAll(rest);
          return all;
        }
      }
    }
    return null;
  }

  /** A batch that is there and was not told of; null if there is none. */
  SinkBatch lost() {
    return lost.peek();
  }

  /** What became of it is known. */
  void recalled() {
    lost.remove();
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
                    + " added",
                address,
                journal,
                jumpedFrom,
                jumpedTo,
                jumps,
                jumpedFrom));
  }
}
