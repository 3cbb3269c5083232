package io.spillway.message;

import java.util.Locale;

/** The sorts of reasons why a message becomes no record. */
public enum RejectionKind {
  /** There is nothing in it. */
  EMPTY,
  /** One value, such as a number, where a record has members. */
  BARE_VALUE,
  /** Not UTF-8. */
  ENCODING,
  /** More bytes than are allowed, as it came or as records. */
  TOO_LARGE,
  /** Its topic is none. */
  TOPIC,
  /** Anything else that is no JSON object or array. */
  NOT_JSON;

  /** As metrics have it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
