package io.spillway.tools;

/** How the check of a whole ledger ended. */
enum Outcome {
  PROVEN(0, "proven: every number that was given out is accounted for"),
  FAULTY(1, "FAULTY"),
  /** Absence of proof is not shown as proof. */
  NOT_PROVEN(3, "nothing is known to be missing, and not everything could be checked: see above");

  private final int exitCode;
  private final String words;

  Outcome(int exitCode, String words) {
    this.exitCode = exitCode;
    this.words = words;
  }

  int exitCode() {
    return exitCode;
  }

  String words() {
    return words;
  }
}
