package io.spillway.server.part;

import io.vertx.core.MultiMap;
import java.util.List;

/** The query of a request. Every error names the parameter, what was found and what is allowed. */
public final class Parameters {
  private static final int SHOWN_MAX = 50;

  /** A parameter that is not as it should be; the message is for the client. */
  public static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;

    public Wrong(String name, String found, String allowed) {
      super(name + ": found " + shown(found) + ", allowed: " + allowed, null, false, false);
    }

    private static String shown(String found) {
      return '"' + (found.length() > SHOWN_MAX ? found.substring(0, SHOWN_MAX) + "…" : found) + '"';
    }
  }

  private final MultiMap query;

  public Parameters(MultiMap query) {
    this.query = query;
  }

  /** A whole number, or {@code otherwise} if there is none. */
  public long whole(String name, long min, long max, long otherwise) throws Wrong {
    String text = text(name);
    if (text == null) {
      return otherwise;
    }
    String allowed = "a whole number, " + min + ".." + (max == Long.MAX_VALUE ? "" : max);
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new Wrong(name, text, allowed);
  }

  /** A time in milliseconds since 1970, or null if there is none. */
  public Long time(String name) throws Wrong {
    String text = text(name);
    if (text == null) {
      return null;
    }
    // A plus sign in a query is a blank, but nobody thinks of it when he writes a time zone.
    return TimeParameter.parse(text.replace(' ', '+'))
        .orElseThrow(
            () ->
                new Wrong(
                    name, text, "ISO-8601 as 2026-11-21T05:20:00Z, or seconds or ms since 1970"));
  }

  /** The text, or null if there is none or an empty one. */
  public String text(String name) throws Wrong {
    List<String> all = query.getAll(name);
    if (all.size() > 1) {
      throw new Wrong(name, String.join(", ", all), "one value");
    }
    return all.isEmpty() || all.get(0).isEmpty() ? null : all.get(0);
  }
}
