package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.vertx.core.Future;

/** A database as a sink sees it. All methods are called on the sink's event loop. */
interface Destination {
  /** The database can be reached and works, but will never take at least one of these records. */
  final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final FaultKind kind;
    private final String cure;
    private final boolean isOfSize;

    /** Because of what is in the record. */
    Refused(String reason) {
      this(FaultKind.OTHER, reason, null, false);
    }

    /**
     * Perhaps because of something there that refuses every record.
     *
     * @param kind of fault, if it does
     * @param cure what helps then, for people
     */
    Refused(FaultKind kind, String reason, String cure) {
      this(kind, reason, cure, false);
    }

    /**
     * As above.
     *
     * @param isOfSize fewer of them may be taken; one alone is never set aside for it
     */
    Refused(FaultKind kind, String reason, String cure, boolean isOfSize) {
      super(reason, null, false, false);
      this.kind = kind;
      this.cure = cure;
      this.isOfSize = isOfSize;
    }

    boolean isOfSize() {
      return isOfSize;
    }

    /** That every record is refused, so that none is set aside. */
    Fault fault(String address) {
      return new Fault(
          kind,
          address
              + " refuses what waits: "
              + getMessage()
              + "; "
              + cure
              + ": nothing is set aside until another record is taken");
    }

    /** What helps if every record is refused; null if it can only be because of this one. */
    String cure() {
      return cure;
    }
  }

  /**
   * The position was not moved, as it was not where the sink has left it, or something there keeps
   * it: so nothing was written.
   */
  final class NotMoved extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Fault fault;

    NotMoved(Fault fault) {
      super(fault.words(), null, false, false);
      this.fault = fault;
    }

    Fault fault() {
      return fault;
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
   * SinkBatch#next}; succeeds when both will outlast a crash of this process, with what became of
   * the records. Batches are written in the order of the calls. Of a batch that fails with {@link
   * Refused} nothing need be written. After any other failure the outcome is not known, and {@link
   * #open} tells.
   */
  Future<Written> write(SinkBatch batch);

  /**
   * What became of a batch whose answer was lost, and over which {@link #open} says that the
   * position has moved.
   */
  default Future<Written> recall(SinkBatch batch) {
    int records = batch.lines().count();
    return Future.succeededFuture(Written.sent(records, records > 0));
  }

  /**
   * Whether it would take a record, which fails with {@link Refused} if not; false if that says
   * nothing of others, as there is nothing in it to be written, or it is there already, as those
   * below {@link SinkBatch#from} are. Leaves the position where it is. Only while nothing is being
   * written.
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
