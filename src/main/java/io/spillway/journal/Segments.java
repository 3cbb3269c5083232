package io.spillway.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which segments exist right now. Readers take the current {@link View} and need no lock; the
 * writer and the compressor change it one at a time.
 */
final class Segments {
  /** Changes the name of a file; done in one step with the change of the view. */
  @FunctionalInterface
  interface Rename {
    void run() throws IOException;
  }

  /**
   * All segments at one moment; closed ones by offset.
   *
   * @param closedBytes of all closed ones
   * @param recordBytes the same without headers
   */
  record View(List<Segment> closed, Segment active, long closedBytes, long recordBytes) {
    static View of(List<Segment> closed, Segment active) {
      long bytes = closed.stream().mapToLong(Segment::bytes).sum();
      long recordBytes = closed.stream().mapToLong(Segment::recordBytes).sum();
      return new View(List.copyOf(closed), active, bytes, recordBytes);
    }

    View with(Segment other) {
      return new View(closed, other, closedBytes, recordBytes);
    }

    long first() {
      return closed.isEmpty() ? active.first() : closed.get(0).first();
    }

    long next() {
      return active.next();
    }

    long bytes() {
      return closedBytes + active.bytes();
    }

    /**
     * Bytes of the records from {@code offset} on, see {@link Segment#bytesFrom}. Looks only at
     * segments that begin below: few, as nobody keeps for long what he does not count any more.
     */
    long bytesFrom(long offset) {
      long sum = recordBytes + active.bytesFrom(offset);
      for (int i = 0; i < closed.size() && closed.get(i).first() < offset; i++) {
        sum -= closed.get(i).recordBytes() - closed.get(i).bytesFrom(offset);
      }
      return sum;
    }

    /** The segment that has {@code offset}, or the first one after a gap there. */
    Segment at(long offset) {
      int low = 0;
      int high = closed.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (closed.get(middle).next() > offset) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return low < closed.size() ? closed.get(low) : active;
    }

    boolean has(Segment segment) {
      return at(segment.first()).file().equals(segment.file())
          && at(segment.first()).first() == segment.first();
    }
  }

  private volatile View view;

  Segments(List<Segment> closed, Segment active) {
    view = View.of(closed, active);
  }

  View now() {
    return view;
  }

  /** Like {@link #now}, but not while a file is just changing its name. */
  synchronized View settled() {
    return view;
  }

  synchronized void grow(long next, long bytes) {
    view = view.with(view.active.grown(next, bytes));
  }

  /** The active segment, still without a record, was written anew. */
  synchronized void renew(long bytes) {
    Segment old = view.active;
    Segment fresh = new Segment(old.file(), old.first(), old.next(), bytes, new SparseIndex());
    view = view.with(fresh);
  }

  /** The active segment becomes {@code closed}, and an empty one begins where it ends. */
  synchronized void rotate(Segment closed, Rename rename) throws IOException {
    rename.run();
    List<Segment> all = new ArrayList<>(view.closed);
    all.add(closed);
    Segment fresh =
        new Segment(view.active.file(), closed.next(), closed.next(), 0, new SparseIndex());
    view = View.of(all, fresh);
  }

  /** Puts {@code compressed} in the place of {@code plain}; false if that is gone meanwhile. */
  synchronized boolean replace(Segment plain, Segment compressed, Rename rename)
      throws IOException {
    int index = view.closed.indexOf(plain);
    if (index < 0) {
      return false;
    }
    rename.run();
    List<Segment> all = new ArrayList<>(view.closed);
    all.set(index, compressed);
    view = View.of(all, view.active);
    return true;
  }

  /** Takes the oldest closed segment out of the view; its file is then the caller's to delete. */
  synchronized Segment removeOldest() {
    Segment oldest = view.closed.get(0);
    view = View.of(view.closed.subList(1, view.closed.size()), view.active);
    return oldest;
  }
}
