package io.spillway.config;

import java.util.regex.Pattern;

/** Hides what is secret in the text of a URL, well-formed or not. */
final class UrlMask {
  // Greedy up to the last @: a password may hold any character, even a slash or an @. The scheme
  // may be forgotten.
  private static final Pattern USER_INFO =
      Pattern.compile("\\A([A-Za-z][A-Za-z0-9+.-]*://|//)?.*@", Pattern.DOTALL);
  // What stands where a port belongs is a password whose end, with the @, is missing.
  private static final Pattern NO_PORT =
      Pattern.compile(
          "\\A([A-Za-z][A-Za-z0-9+.-]*://)(\\[[^]]*]|[^/?#:@\\[]+):(?!\\d*([/?#]|\\z)).*",
          Pattern.DOTALL);
  private static final Pattern VALUE = Pattern.compile("([?&#][^=&#]*=)[^&]*");
  // Of a URL only: the # of "pws-packet/#" is a wildcard.
  private static final Pattern FRAGMENT = Pattern.compile("\\A([^#]*://[^#]*#).+", Pattern.DOTALL);

  private UrlMask() {}

  /** The URL with its user, password, every query value and the fragment as {@code ***}. */
  static String mask(String url) {
    String withoutUser =
        USER_INFO
            .matcher(url)
            .replaceFirst(user -> (user.group(1) == null ? "" : user.group(1)) + "***@");
    String withoutPassword = NO_PORT.matcher(withoutUser).replaceFirst("$1***");
    String withoutValues = VALUE.matcher(withoutPassword).replaceAll("$1***");
    return FRAGMENT.matcher(withoutValues).replaceFirst("$1***");
  }
}
