package io.spillway.message;

/** A payload that is not what a record is made of; the message says why, for a person. */
public final class RejectedPayload extends Exception {
  private static final long serialVersionUID = 1L;

  private final RejectionKind kind;

  /** It is no JSON, or not the JSON that is asked for. */
  public RejectedPayload(String reason) {
    this(RejectionKind.NOT_JSON, reason);
  }

  public RejectedPayload(RejectionKind kind, String reason) {
    super(
        reason, null, false, false); // a stack trace costs more than the whole check, and says less
    this.kind = kind;
  }

  public RejectionKind kind() {
    return kind;
  }
}
