package io.spillway.bus;

import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;

/** Why a request failed, as far as the one who asked has to act differently. */
public enum BusFailure {
  /** Nobody there, no answer, or a fault: the same request again, later. */
  UNAVAILABLE(100),
  /** A limit is reached: the same request again, when there may be room. */
  FULL(101),
  /** The disk does not take it: the same request again, later. */
  CANNOT_STORE(102),
  /** What was sent does not join what is there: begin again from the last acknowledged position. */
  GAP(103),
  /** Too large for the other side, for ever: take it out. */
  TOO_LARGE(104),
  /** Not for whoever asked: he is somebody else than he says. Asking again does not help. */
  FORBIDDEN(105),
  /** As FULL, but the beginning of it has been stored: the same request again, marked as such. */
  FULL_IN_PART(106),
  /** Likewise as CANNOT_STORE. */
  CANNOT_STORE_IN_PART(107),
  /**
   * The server knows more of this epoch, numbers or a key, than is here: a new one has to begin.
   */
  AHEAD(108);

  private final int code;

  BusFailure(int code) {
    this.code = code;
  }

  /** The failure code on the wire. */
  int code() {
    return code;
  }

  /** The kind of {@code error}; what we did not make ourselves is {@link #UNAVAILABLE}. */
  public static BusFailure of(Throwable error) {
    if (error instanceof Refusal refusal) {
      return refusal.kind();
    }
    if (error instanceof ReplyException reply) {
      for (BusFailure kind : values()) {
        if (kind.code == reply.failureCode()) {
          return kind;
        }
      }
    }
    return UNAVAILABLE;
  }

  /** Whether what was asked for may have been done nevertheless, if only to a part. */
  public boolean maybeStored() {
    return this == UNAVAILABLE || this == FULL_IN_PART || this == CANNOT_STORE_IN_PART;
  }

  /** The same, when the beginning of what was asked for has been done. */
  public BusFailure inPart() {
    return switch (this) {
      case FULL -> FULL_IN_PART;
      case CANNOT_STORE -> CANNOT_STORE_IN_PART;
      default -> this;
    };
  }

  /** The fault of a request that failed, for whoever holds something back because of it. */
  public static Fault fault(Throwable error) {
    FaultKind kind =
        switch (of(error)) {
          case FULL, FULL_IN_PART -> FaultKind.FULL;
          case CANNOT_STORE, CANNOT_STORE_IN_PART -> FaultKind.DISK;
          case FORBIDDEN -> FaultKind.CREDENTIALS;
          case UNAVAILABLE, GAP, TOO_LARGE, AHEAD ->
              isLate(error) ? FaultKind.TIMEOUT : FaultKind.OTHER;
        };
    return new Fault(kind, error.getMessage() == null ? error.toString() : error.getMessage());
  }

  private static boolean isLate(Throwable error) {
    return error instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT;
  }

  /** An error of this kind, to fail a reply with. */
  public Refusal because(String reason) {
    return new Refusal(this, reason);
  }

  /** The error behind a failed reply. */
  public static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    private final BusFailure kind;

    Refusal(BusFailure kind, String reason) {
      super(reason, null, false, false);
      this.kind = kind;
    }

    public BusFailure kind() {
      return kind;
    }
  }
}
