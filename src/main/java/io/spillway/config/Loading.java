package io.spillway.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One reading of the configuration: where values come from, and what was noticed on the way. Not
 * thread-safe.
 */
final class Loading {
  private final String fileName;
  private final Path workingDir;
  private final Variables variables;
  private final Map<String, String> sources = new HashMap<>();
  private final Set<String> warnings = new LinkedHashSet<>();
  private final Map<String, SummaryLine> summary = new LinkedHashMap<>();
  private final Map<String, Secret> overruled = new HashMap<>();
  private final Map<String, String> cut = new HashMap<>();

  Loading(String fileName, Path workingDir, Variables variables) {
    this.fileName = fileName;
    this.workingDir = workingDir;
    this.variables = variables;
  }

  String fileName() {
    return fileName;
  }

  Path workingDir() {
    return workingDir;
  }

  Variables variables() {
    return variables;
  }

  /**
   * From now on errors about this key say it came from that variable.
   *
   * @param written what the file says; null if it says nothing
   */
  void overridden(String path, Variables.Found found, JsonNode written) {
    sources.put(path, found.source());
    taken(found);
    variables
        .cutAtLine(found.name())
        .ifPresent(line -> cut.put(path, cutWords(found.name(), line)));
    if (written != null) {
      overruled(path + " (" + fileName + ")", found, written.toString());
    }
  }

  /** The value of this variable is in use. */
  void taken(Variables.Found found) {
    warnIfCut(found);
    variables.behind(found).ifPresent(behind -> overruled(behind.source(), found, behind.value()));
  }

  private void overruled(String place, Variables.Found by, String value) {
    overruled.put(place + " is overruled by " + by.source(), new Secret(value));
  }

  /** The variable this key was set from, or null if it was the file. */
  String variableOf(String path) {
    return sources.get(path);
  }

  String sourceOf(String path) {
    return sources.getOrDefault(path, fileName);
  }

  /**
   * The error every check ends in.
   *
   * @param given whether the file or a variable says it, or nobody
   */
  ConfigException wrong(String path, boolean given, String found, String allowed) {
    String source = given ? " (" + sourceOf(path) + ")" : "";
    return new ConfigException(path + source + ": is " + found + "; allowed: " + allowed);
  }

  /** Whether the value of this key has lost its end, which may be that of a password. */
  boolean isCut(String path) {
    return cut.containsKey(path);
  }

  /** The error for such a key. What is left of the value is not shown. */
  ConfigException cut(String path) {
    return new ConfigException(path + ": " + cut.get(path));
  }

  void warn(String warning) {
    warnings.add(warning.replaceAll("\\p{Cntrl}+", " "));
  }

  /** The cure for the most common mistake with a .env: {@code TOPIC=pws-packet/#}. */
  private void warnIfCut(Variables.Found found) {
    warnIfCut(found.name());
    if (found.name().equals("TOPIC") && found.value().strip().endsWith("/")) {
      warn(
          found.source()
              + " ends in \"/\", so it matches nothing below it; if a # was lost, put the value in"
              + " quotes: TOPIC=\""
              + found.value().strip()
              + "#\"");
    }
  }

  void warnIfCut(String name) {
    variables.cutAtLine(name).ifPresent(line -> warn(cutWords(name, line)));
  }

  private static String cutWords(String name, int line) {
    return name
        + " in .env line "
        + line
        + " was cut short at an unquoted #; put the value in quotes: "
        + name
        + "=\"…#…\"";
  }

  void used(String section, String key, Object value, String variable) {
    summary.computeIfAbsent(section, SummaryLine::new).add(key, value, variable);
  }

  /** See {@link Loaded#overruled}. */
  Map<String, Secret> overruled() {
    return Map.copyOf(overruled);
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  List<String> summary() {
    List<String> lines = new ArrayList<>();
    String dotEnv = variables.hasDotEnv() ? "read" : "none";
    lines.add("[CFG] sources conf=" + fileName + " .env=" + dotEnv);
    summary.values().forEach(line -> lines.add(line.toString()));
    return List.copyOf(lines);
  }
}
