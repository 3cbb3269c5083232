package io.spillway.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** The words a key may have, in the order an error message lists them. */
final class Choices {
  private Choices() {}

  static <T> Map<String, T> of(String first, T one, String second, T two) {
    Map<String, T> choices = new LinkedHashMap<>();
    choices.put(first, one);
    choices.put(second, two);
    return choices;
  }

  static <T> Map<String, T> of(String first, T one, String second, T two, String third, T three) {
    Map<String, T> choices = of(first, one, second, two);
    choices.put(third, three);
    return choices;
  }
}
