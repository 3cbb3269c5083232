package io.spillway.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbers that no segment file can tell: a PLAIN one does not contain its offsets, and after a
 * release there may be no segment at all.
 *
 * @param first first offset of the active segment
 * @param next no new record gets an offset below this; matters only after a damaged tail
 */
public record State(long first, long next) {
  private static final Pattern JSON =
      Pattern.compile("\\{\"first\":([0-9]{1,18}),\"next\":([0-9]{1,18})\\}");

  /** A journal that never was, or of which nothing is known. */
  public static final State NONE = new State(1, 1);

  /** That of a file, if it is whole. One of version 0.1 is only as good as the segments say. */
  static Optional<StateFile.Content<State>> read(Path file, Damages damages) throws IOException {
    return StateFile.read(
        file, State::parse, true, "numbered as the segments before it say", damages);
  }

  private static State parse(String text) {
    Matcher numbers = JSON.matcher(text.strip());
    if (!numbers.matches()) {
      throw new IllegalArgumentException("does not say which offset is the first");
    }
    return new State(Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2)));
  }

  void write(Disk disk, Path file) throws IOException {
    StateFile.write(disk, file, "{\"first\":" + first + ",\"next\":" + next + "}");
  }
}
