package io.spillway.config;

import java.util.List;
import java.util.Map;

/**
 * A configuration, and what the operator should know about it.
 *
 * @param warnings one line each; nothing in them is secret
 * @param summary {@code [CFG]} lines, one per role and part: what is really used, secrets as ***
 * @param overruled what is written and not used, since a variable goes before it: {@code
 *     edge.mqtt.topics (conf.json) is overruled by TOPIC in .env}, and the value, which may be a
 *     secret
 */
public record Loaded(
    Config config, List<String> warnings, List<String> summary, Map<String, Secret> overruled) {
  public Loaded {
    warnings = List.copyOf(warnings);
    summary = List.copyOf(summary);
    overruled = Map.copyOf(overruled);
  }
}
