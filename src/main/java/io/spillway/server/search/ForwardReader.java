package io.spillway.server.search;

import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.message.Lines;
import io.spillway.server.records.RecordView;
import io.spillway.server.records.Selection;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * Reads records from an offset on, slice by slice, each in a turn of its own, until the page is
 * full, the source ends, or enough has been looked at.
 */
final class ForwardReader {
  private static final int SLICE_RECORDS = 1_000;
  private static final int SLICE_BYTES = 256 << 10;

  /** Looked at for one request; then it ends short, and the next one goes on. */
  static final int LOOKS_MAX = 50_000;

  /** For so long; a slow source must not make the request wait without end. */
  private static final Duration TIME_MAX = Duration.ofSeconds(10);

  private final TimeSource time;
  private final RecordSource source;
  private final RecordView view;
  private final Selection selection;
  private final RecordList page;
  private final long from;
  private final long deadlineNs;
  private long next;
  private long end;
  private long gapTo;
  private int looks;

  /**
   * @param from the first offset wanted
   * @param page is filled
   */
  ForwardReader(
      SearchSetup setup, RecordSource source, Selection selection, long from, RecordList page) {
    time = setup.time();
    deadlineNs = time.nanoTime() + TIME_MAX.toNanos();
    view = setup.view();
    this.source = source;
    this.selection = selection;
    this.from = from;
    this.next = from;
    this.page = page;
  }

  /** Succeeds when the page is there; fails if they cannot be read. */
  Future<Void> read() {
    return source
        .read(new ReadRequest(next, SLICE_RECORDS, SLICE_BYTES))
        .compose(slice -> take(slice) ? read() : Future.succeededFuture());
  }

  /** Whether there was anything. */
  boolean hasMoved() {
    return next > from;
  }

  /** Where the next request goes on. */
  long next() {
    return next;
  }

  /** The offset that the next record to be stored gets. */
  long end() {
    return end;
  }

  /** The first offset that is still held, if what was wanted is not; else 0. */
  long gapTo() {
    return gapTo;
  }

  /** True if more is wanted. */
  private boolean take(Records slice) {
    end = slice.end();
    if (slice.lines().isEmpty()) {
      return false;
    }
    if (slice.first() > next) {
      if (next > from) {
        return false; // gone meanwhile: the next request begins there, and is told
      }
      gapTo = slice.first();
      next = gapTo;
    }
    return takeLines(slice.lines())
        && next < end
        && looks < LOOKS_MAX
        && time.nanoTime() - deadlineNs < 0;
  }

  private boolean takeLines(Lines lines) {
    int stop;
    for (int start = lines.from(); start < lines.to(); start = stop) {
      stop = lines.endOfLine(start);
      if (view.look(lines.array(), start, stop - 1, next)
          && view.isIn(selection)
          && !page.add(view)) {
        return false;
      }
      next++;
      looks++;
    }
    return true;
  }
}
