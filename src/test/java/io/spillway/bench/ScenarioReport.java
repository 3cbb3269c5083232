package io.spillway.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The table, line by line as it becomes known: on the screen and in a file. */
final class ScenarioReport implements AutoCloseable {
  private final PrintWriter file;

  ScenarioReport(Path path) throws IOException {
    Files.createDirectories(path.getParent());
    file = new PrintWriter(Files.newBufferedWriter(path, StandardCharsets.UTF_8));
  }

  void title(String text) {
    line("");
    line(text);
  }

  /**
   * @param verdict beside what, and against which goal
   */
  void row(String what, String figure, String verdict) {
    line("  %-46s %16s   %s".formatted(what, figure, verdict));
  }

  void line(String text) {
    System.out.println(text.stripTrailing());
    file.println(text.stripTrailing());
    file.flush();
  }

  /** Whether a goal was reached, in words. */
  static String goal(boolean reached, String goal) {
    return "goal %s: %s".formatted(goal, reached ? "reached" : "MISSED");
  }

  @Override
  public void close() {
    file.close();
  }
}
