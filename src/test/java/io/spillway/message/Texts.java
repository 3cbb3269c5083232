package io.spillway.message;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lines as text, and text as lines. */
public final class Texts {
  private Texts() {}

  /** Lines of these records, which are without line ends. */
  public static Lines lines(String... records) {
    String text = records.length == 0 ? "" : String.join("\n", records) + "\n";
    return new Lines(text.getBytes(StandardCharsets.UTF_8), records.length);
  }

  public static Lines lines(List<String> records) {
    return lines(records.toArray(String[]::new));
  }

  /** The records, without line ends. */
  public static List<String> texts(Lines lines) {
    String text = new String(lines.array(), lines.from(), lines.length(), StandardCharsets.UTF_8);
    return text.isEmpty() ? List.of() : List.of(text.split("\n", -1)).subList(0, lines.count());
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
