package io.spillway.wire;

/** A message that is not of {@code spillway.v1}. */
public final class WireException extends Exception {
  private static final long serialVersionUID = 1L;

  WireException(String reason) {
    super(reason, null, false, false);
  }
}
