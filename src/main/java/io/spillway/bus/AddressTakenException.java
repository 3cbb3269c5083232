package io.spillway.bus;

/** Another role answers the address already; the message says which process has it. */
public final class AddressTakenException extends Exception {
  private static final long serialVersionUID = 1L;

  AddressTakenException(String reason) {
    super(reason, null, false, false);
  }
}
