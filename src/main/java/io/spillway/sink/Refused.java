package io.spillway.sink;

/** The database can be reached and works, but will never take at least one of these records. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  Refused(String reason) {
    super(reason, null, false, false);
  }
}
