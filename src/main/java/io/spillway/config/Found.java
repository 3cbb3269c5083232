package io.spillway.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.spillway.message.Printable;

/** A wrong value as a message may show it: short, and with what is secret in a URL hidden. */
final class Found {
  private static final int SHOWN_MAX = 100;

  private Found() {}

  static String text(String text) {
    String masked = Printable.of(UrlMask.mask(text));
    return quoted(masked.length() > SHOWN_MAX ? masked.substring(0, SHOWN_MAX) + "…" : masked);
  }

  static String json(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> text(value.textValue());
      case OBJECT -> "an object";
      case ARRAY -> "a list";
      default -> value.asText();
    };
  }

  /** Where a secret may stand by mistake: what kind of value it is, and nothing of it. */
  static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "a text";
      case OBJECT -> "an object";
      case ARRAY -> "a list";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      default -> "null";
    };
  }

  static String quoted(String text) {
    return "\"" + text + "\"";
  }
}
