package io.spillway.config;

/** A text that a {@link Form} does not take. What it says holds no secret. */
final class Unusable extends Exception {
  private static final long serialVersionUID = 1L;

  private final String found;
  private final String allowed;

  /**
   * @param found what was found, masked; null: the text itself
   * @param allowed what would be right; null: the words of the form
   */
  Unusable(String found, String allowed) {
    super(found, null, false, false);
    this.found = found;
    this.allowed = allowed;
  }

  String found() {
    return found;
  }

  String allowed() {
    return allowed;
  }
}
