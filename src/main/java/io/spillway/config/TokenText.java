package io.spillway.config;

/** What a token must be, since it travels in an HTTP header, and what it had better be. */
final class TokenText {
  private static final int MAX_LENGTH = 4096;
  private static final int SHORT = 8;

  private TokenText() {}

  /** Refuses a token no header can carry; warns of one that is easily guessed. */
  static void check(Section section, String key, Secret token) throws ConfigException {
    String text = token.value();
    if (text.length() > MAX_LENGTH) {
      throw section.wrong(key, text.length() + " characters long", "up to " + MAX_LENGTH);
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
        throw section.wrong(
            key,
            "a token with a space, control or non-ASCII character at position " + (i + 1),
            "visible ASCII characters, as an HTTP header carries them");
      }
    }
    if (text.equals("change-me")) {
      section.loading().warn(section.at(key) + ": is still the example from the documentation");
    } else if (text.length() < SHORT) {
      section.loading().warn(section.at(key) + ": is shorter than " + SHORT + " characters");
    }
  }
}
