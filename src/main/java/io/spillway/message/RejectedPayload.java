package io.spillway.message;

/** A payload that is not what a record is made of; the message says why, for a person. */
public final class RejectedPayload extends Exception {
  private static final long serialVersionUID = 1L;

  public RejectedPayload(String reason) {
    super(
        reason, null, false, false); // a stack trace costs more than the whole check, and says less
  }
}
