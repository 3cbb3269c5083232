package io.spillway.config;

/** A section with keys that have to fit each other, beyond what each has to be by itself. */
interface Checked {
  /** Called once all keys are read; refuses or warns through {@code at}. */
  void check(Checks at) throws ConfigException;
}
