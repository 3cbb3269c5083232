package io.spillway.config;

import java.util.LinkedHashSet;
import java.util.Set;

/** One {@code [CFG]} line: a section with the values really used, and the variables among them. */
final class SummaryLine {
  private final StringBuilder text;
  private final Set<String> variables = new LinkedHashSet<>();

  SummaryLine(String section) {
    text = new StringBuilder("[CFG] ").append(section);
  }

  /**
   * @param variable where the value came from if it was not the file, else null
   */
  void add(String key, Object value, String variable) {
    text.append(' ').append(key).append('=').append(value == null ? "-" : value);
    if (variable != null) {
      variables.add(variable);
    }
  }

  @Override
  public String toString() {
    String from = variables.isEmpty() ? "" : " from " + String.join(", ", variables);
    return (text + from).replaceAll("\\p{Cntrl}+", " ");
  }
}
