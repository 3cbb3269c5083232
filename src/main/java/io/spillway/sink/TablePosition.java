package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.vertx.core.Future;

/**
 * Reads how far a journal is in the table of positions, which people can get at, too: what is no
 * position is told of with what helps, and never taken for one.
 */
final class TablePosition {
  private final String address;
  private final String positions;

  /**
   * @param address of the database, for people
   * @param positions the table of positions, as it is quoted
   */
  TablePosition(String address, String positions) {
    this.address = address;
    this.positions = positions;
  }

  /**
   * The offset to go on from.
   *
   * @param next as text; null if it is NULL
   * @param type of its column
   * @param made the row was not there, and was made with 0
   * @throws Fault.Failure if it is none
   */
  long of(String journal, String next, String type, boolean made) throws Fault.Failure {
    if (!type.equals("bigint")) {
      throw fault(
          "column next of %s is of type %s instead of bigint".formatted(positions, type),
          "ALTER TABLE %s ALTER COLUMN next TYPE bigint USING next::bigint".formatted(positions));
    }
    if (next == null || next.startsWith("-")) {
      throw fault(
          "next of journal %s in %s is %s"
              .formatted(journal, positions, next == null ? "NULL" : next),
          "UPDATE %s SET next = 0 WHERE journal = '%s' has the journal written from its beginning,"
                  .formatted(positions, journal)
              + " which adds what is missing, and once more each record without a readable time");
    }
    if (made && !next.equals("0")) {
      throw fault(
          "a new row of %s begins with %s instead of 0".formatted(positions, next),
          "drop the trigger or rule there that changes it, and DELETE FROM %s WHERE journal = '%s'"
              .formatted(positions, journal));
    }
    return Long.parseLong(next);
  }

  /** There is no row, though one was to be made. */
  Fault.Failure none(String journal) {
    return fault(
        "%s has no row for journal %s, and takes none".formatted(positions, journal),
        "drop or change the trigger, rule or row-level security there that leaves it out");
  }

  /** The update was left out, or made it another one. */
  Destination.NotMoved notMoved(String journal) {
    return new Destination.NotMoved(
        fault(
                "next of journal %s in %s could not be moved to what was written, so nothing was:"
                        .formatted(journal, positions)
                    + " either somebody has set it to another value or deleted its row, or"
                    + " something there keeps the update from it",
                "if it was a hand, it goes on from there by itself; else drop or change the"
                    + " trigger or row-level security there that changes or leaves out the update,"
                    + " and let one server alone write this journal (delete journal.id in the data"
                    + " of a copy)")
            .fault());
  }

  /**
   * Fails if the position does not last over which a batch was written.
   *
   * @param next as text; null if it is NULL
   * @param isThere whether there is a row
   * @param written where it was moved to; later ones may have moved it further
   */
  Future<Void> check(String journal, boolean isThere, String next, long written) {
    if (!isThere || next == null || next.startsWith("-") || Long.parseLong(next) < written) {
      String now = isThere ? next == null ? "NULL" : next : "gone";
      return Future.failedFuture(
          fault(
              "next of journal %s in %s was moved to %d, and is %s a moment later"
                  .formatted(journal, positions, written, now),
              "drop or change the trigger there (AFTER UPDATE) that sets it back or deletes the row;"
                  + " until then the same records are tried again and again"));
    }
    return Future.succeededFuture();
  }

  private Fault.Failure fault(String what, String cure) {
    return new Fault(FaultKind.OTHER, address + ": " + what + "; " + cure).failure();
  }
}
