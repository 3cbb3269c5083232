package io.spillway.config;

import java.util.List;

/**
 * A configuration, and what the operator should know about it.
 *
 * @param warnings one line each; nothing in them is secret
 * @param summary {@code [CFG]} lines, one per role and part: what is really used, secrets as ***
 */
public record Loaded(Config config, List<String> warnings, List<String> summary) {
  public Loaded {
    warnings = List.copyOf(warnings);
    summary = List.copyOf(summary);
  }
}
