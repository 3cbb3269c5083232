package io.spillway.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbers that no segment file can tell: a PLAIN one does not contain its offsets, and after a
 * release there may be no segment at all.
 *
 * @param first first offset of the active segment
 * @param next no new record gets an offset below this; matters only after a damaged tail
 */
record State(long first, long next) {
  private static final Pattern JSON =
      Pattern.compile("\\{\"first\":([0-9]{1,18}),\"next\":([0-9]{1,18})\\}\\s*");

  /** A journal that never was: also what an unreadable state file says, as files then tell more. */
  static final State NONE = new State(1, 1);

  static State read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return NONE;
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    Matcher numbers = JSON.matcher(text);
    return numbers.matches()
        ? new State(Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2)))
        : NONE;
  }

  void write(Disk disk, Path file) throws IOException {
    String text = "{\"first\":" + first + ",\"next\":" + next + "}\n";
    disk.replace(file, text.getBytes(StandardCharsets.US_ASCII));
  }
}
