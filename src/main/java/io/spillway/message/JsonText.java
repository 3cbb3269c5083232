package io.spillway.message;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Text as it stands between the quotes of a JSON string (RFC 8259 section 7). */
public final class JsonText {
  private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

  private JsonText() {}

  /** {@code text} with quotes, backslashes and control characters escaped; no quotes around it. */
  public static String escape(String text) {
    return new String(ENCODER.quoteAsString(text));
  }
}
