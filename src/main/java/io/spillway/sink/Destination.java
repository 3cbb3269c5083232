package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.vertx.core.Future;

/** A database as a sink sees it. All methods are called on the sink's event loop. */
interface Destination {
  /** The database can be reached and works, but will never take at least one of these records. */
  final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final String rule;

    /** Because of what is in the record. */
    Refused(String reason) {
      this(reason, null);
    }

    /**
     * Because of a rule that somebody has made there, which may refuse every record.
     *
     * @param rule what it is called, for people
     */
    Refused(String reason, String rule) {
      super(reason, null, false, false);
      this.rule = rule;
    }

    /** That a rule refuses every record, so that none is set aside. */
    Fault fault(String address) {
      return new Fault(
          FaultKind.OTHER,
          address
              + " refuses what waits: "
              + getMessage()
              + "; drop or change "
              + rule
              + ": nothing is set aside until another record is taken");
    }

    /** The rule that it was refused by, for people; null if there is none. */
    String rule() {
      return rule;
    }
  }

  /** For logs, metrics and file names, for example {@code postgres}. */
  String name();

  /** Where it is, for people; without secrets. */
  String address();

  /** How many batches may be on their way at a time. */
  int inFlightMax();

  /**
   * Connects and makes ready, within limits of time of its own. Gives the offset to go on from:
   * what lies below is in the database; 0 if it has nothing of this journal.
   */
  Future<Long> open(String journal);

  /**
   * Writes the records and moves the position from {@link SinkBatch#from} to {@link
   * SinkBatch#next}; succeeds when both will outlast a crash of this process. Batches are written
   * in the order of the calls. Of a batch that fails with {@link Refused} nothing need be written.
   * After any other failure the outcome is not known, and {@link #open} tells.
   */
  Future<Void> write(SinkBatch batch);

  /**
   * Whether it would take a record, which fails with {@link Refused} if not; false if there is
   * nothing in it to be written, which says nothing of others. Leaves the position where it is.
   * Only while nothing is being written.
   */
  Future<Boolean> tryOut(SinkBatch record);

  /** Lets go of the connection, if there is one; may be opened again. */
  Future<Void> close();

  /** What is to be looked at although it works; {@link Fault#NONE} if nothing is. */
  default Fault notice() {
    return Fault.NONE;
  }

  /** What does not work, and which key to look at. */
  Fault explain(Throwable error);
}
