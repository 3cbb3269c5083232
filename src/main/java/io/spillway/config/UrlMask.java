package io.spillway.config;

import java.util.regex.Pattern;

/** Hides what is secret in the text of a URL, well-formed or not. */
final class UrlMask {
  // Greedy up to the last @: a password may hold any character, even a slash or an @.
  private static final Pattern USER_INFO = Pattern.compile("//.*@");
  private static final Pattern QUERY_VALUE = Pattern.compile("([?&][^=&#]*=)[^&]*");

  private UrlMask() {}

  /** The URL with its user, password and every query value as {@code ***}. */
  static String mask(String url) {
    String withoutUser = USER_INFO.matcher(url).replaceFirst("//***@");
    return QUERY_VALUE.matcher(withoutUser).replaceAll("$1***");
  }
}
