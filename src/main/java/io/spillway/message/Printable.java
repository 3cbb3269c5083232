package io.spillway.message;

/**
 * Text from anywhere as one line that does nothing to the terminal, or the eyes, of its reader.
 *
 * <p>Escaped, as in Java and JSON, are control characters (those of ASCII and of ISO 6429, so also
 * every escape sequence), the two separators of lines that Unicode adds, and what turns the
 * direction of writing (Unicode UAX #9: with it a line can show another order than it has). Within
 * the text of a JSON document they stand only in strings, where the escape means the same.
 */
public final class Printable {
  private Printable() {}

  /** The same object where nothing is to be escaped. */
  public static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isEscaped(text.charAt(i))) {
        return escaped(text, i);
      }
    }
    return text;
  }

  private static String escaped(String text, int first) {
    StringBuilder line = new StringBuilder(text.length() + 16).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        default -> {
          if (isEscaped(c)) {
            line.append(String.format("\\u%04x", (int) c));
          } else {
            line.append(c);
          }
        }
      }
    }
    return line.toString();
  }

  private static boolean isEscaped(char c) {
    if (c < 0x7f) {
      return c < ' ';
    }
    return c <= 0x9f
        || c == '\u061c' // Arabic letter mark
        || c == '\u200e' // left-to-right mark
        || c == '\u200f'
        || (c >= '\u2028' && c <= '\u202e') // separators, embeddings and overrides
        || (c >= '\u2066' && c <= '\u2069'); // isolates
  }
}
