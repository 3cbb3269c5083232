package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import java.util.Locale;

/**
 * Sees that a table lacks records that were written to it, without an error: a trigger may leave
 * out rows, or put several under one key. That is told when it begins, from time to time while it
 * lasts, and when it has ended: with records that are written after a while in which none was taken
 * out.
 *
 * <p>All times are milliseconds of the monotonic clock.
 */
final class TakenOut {
  /** Only so much later it is over, and only so often it is told of again. */
  private static final long WHILE_MS = 600_000;

  private static final String CURE =
      "drop or change the trigger or rule there that leaves out rows, changes their key or puts"
          + " them elsewhere, or the policy that hides them";

  private final String address;
  private final String table;

  private long count;
  private long untold;
  private long lastMs;
  private long toldMs;
  private long lastOffset;

  /**
   * @param address of the database, for people
   * @param table as it is quoted
   */
  TakenOut(String address, String table) {
    this.address = address;
    this.table = table;
  }

  /**
   * Records were taken out, from this offset on; says what is to be logged, or nothing.
   *
   * @param offset of the first
   */
  String lost(int records, long offset, long nowMs) {
    boolean begins = count == 0;
    count += records;
    untold += records;
    lastMs = nowMs;
    lastOffset = offset;
    if (!begins && nowMs - toldMs < WHILE_MS) {
      return "";
    }
    String text = address + ": " + missing(untold) + "; " + CURE;
    toldMs = nowMs;
    untold = 0;
    return text;
  }

  /** A batch was written of which none was taken out; says what is to be logged, or nothing. */
  String taken(long nowMs) {
    if (count == 0 || nowMs - lastMs < WHILE_MS) {
      return "";
    }
    String ended =
        String.format(
            Locale.ROOT,
            "%s takes all again; %,d records are missing in %s",
            address,
            count,
            table);
    count = 0;
    untold = 0;
    return ended;
  }

  /** That somebody has to look at it; {@link Fault#NONE} if nobody has. */
  Fault fault() {
    return count == 0
        ? Fault.NONE
        : new Fault(FaultKind.TAKEN_OUT, address + ": " + missing(count) + "; " + CURE);
  }

  private String missing(long records) {
    return String.format(
        Locale.ROOT,
        "%,d records are not in %s, though it reported no error (the last ones at offset %d of the"
            + " journal, which keeps them)",
        records,
        table,
        lastOffset);
  }
}
