package io.spillway.config;

/**
 * One key as the program reads it; {@code docs/configuration.md} is tested against these.
 *
 * @param path such as {@code server.tokens[].name}
 * @param type such as {@code whole number}
 * @param allowed the bounds or the choices
 * @param byDefault the value when the key is absent, as JSON; {@code required} if there is none
 */
record KeyRule(String path, String type, String allowed, String byDefault) {
  static final String REQUIRED = "required";
}
