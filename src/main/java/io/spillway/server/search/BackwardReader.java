package io.spillway.server.search;

import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.message.Lines;
import io.spillway.server.records.RecordView;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * Finds the newest records that are wanted. A journal can only be read forwards, and a compressed
 * segment only from its beginning, so it is read in windows, the newest first, each forwards; small
 * ones at first, as mostly the newest will do.
 */
final class BackwardReader {
  /** Looked at for one request, and for how long; then it ends short, and the next one goes on. */
  static final int LOOKS_MAX = 100_000;

  private static final Duration TIME_MAX = Duration.ofSeconds(2);
  private static final int FIRST_WINDOW = 1_000;
  private static final int WINDOW_MAX = 20_000;
  private static final int WINDOW_GROWTH = 4;
  private static final int SLICE_RECORDS = 1_000;
  private static final int SLICE_BYTES = 1 << 20;

  /** Whether a record is wanted; asked on a worker, one record after the other. */
  interface Wanted {
    /** {@code view} has looked at {@code line[from, to)}. */
    boolean test(RecordView view, byte[] line, int from, int to);
  }

  private final SearchSetup setup;
  private final RecordSource source;
  private final RecordView view;
  private final Wanted wanted;
  private final int recordsMax;
  private final RecordList page;
  private final long deadlineNs;
  private int window = FIRST_WINDOW;
  private int looks;
  private long before;

  /** At most so many records, and so many bytes unless a single one is longer. */
  BackwardReader(
      SearchSetup setup, RecordSource source, Wanted wanted, int recordsMax, int bytesMax) {
    this.setup = setup;
    this.source = source;
    view = setup.view();
    deadlineNs = setup.time().nanoTime() + TIME_MAX.toNanos();
    this.wanted = wanted;
    this.recordsMax = recordsMax;
    this.page = new RecordList(recordsMax, bytesMax);
  }

  /**
   * Reads what is below an offset. Fails if it cannot be read.
   *
   * @param oldest the lowest offset that is held
   */
  Future<RecordList> read(long below, long oldest) {
    if (below <= oldest) {
      return Future.succeededFuture(page);
    }
    long low = Math.max(oldest, below - window);
    RecordList found = new RecordList(recordsMax - page.size(), page.room());
    return slices(low, below, found, false)
        .compose(
            full -> {
              boolean roomLeft = page.prepend(found) && !full && page.size() < recordsMax;
              if (!roomLeft) {
                before = page.firstOffset();
              } else if (looks >= LOOKS_MAX || isLate()) {
                before = low;
              } else {
                window = Math.min(window * WINDOW_GROWTH, WINDOW_MAX);
                return read(low, oldest);
              }
              before = before > oldest ? before : 0;
              return Future.succeededFuture(page);
            });
  }

  private boolean isLate() {
    return setup.time().nanoTime() - deadlineNs >= 0;
  }

  /** There may be older ones below this offset; 0 if there are none. */
  long before() {
    return before;
  }

  /** True if not all that were found had room. */
  private Future<Boolean> slices(long from, long to, RecordList found, boolean full) {
    if (from >= to) {
      return Future.succeededFuture(full);
    }
    int records = (int) Math.min(SLICE_RECORDS, to - from);
    return source
        .read(new ReadRequest(from, records, SLICE_BYTES))
        .compose(
            slice -> {
              if (slice.lines().isEmpty()) {
                return Future.succeededFuture(full);
              }
              long next = slice.next(); // and not the slice: what follows keeps what it has caught
              return Blocking.runBeside(setup.vertx(), () -> take(slice, to, found))
                  .compose(more -> slices(next, to, found, full || more));
            });
  }

  private boolean take(Records slice, long to, RecordList found) {
    Lines lines = slice.lines();
    boolean full = false;
    long offset = slice.first();
    int stop;
    for (int start = lines.from(); start < lines.to() && offset < to; start = stop, offset++) {
      stop = lines.endOfLine(start);
      looks++;
      if (view.look(lines.array(), start, stop - 1, offset)
          && wanted.test(view, lines.array(), start, stop - 1)) {
        full |= found.push(view);
      }
    }
    return full;
  }
}
