package io.spillway.wire;

import java.nio.charset.StandardCharsets;

/** The text of a close frame, of which at most 123 bytes are allowed (RFC 6455 section 5.5.1). */
public final class CloseReason {
  private static final int BYTES_MAX = 123;

  /** As version 0.2 says it first, so it stays: an edge acts on it. */
  private static final String OF_KEY = " belongs to whoever has its key";

  private CloseReason() {}

  /** Why whoever has another key, or none, may not go on with {@code <edge>.<epoch>}. */
  public static String ofKey(String epoch) {
    return epoch + OF_KEY + ", and this is another";
  }

  /** Whether a close says that. */
  public static boolean isOfKey(Short code, String reason) {
    return code != null
        && code == CloseCode.FORBIDDEN.code()
        && reason != null
        && reason.contains(OF_KEY);
  }

  /** The reason, cut to what fits. */
  public static String fit(String reason) {
    String text = String.valueOf(reason);
    while (text.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
      int end = Math.min(text.length() - 1, BYTES_MAX);
      text = text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
    }
    return text;
  }
}
