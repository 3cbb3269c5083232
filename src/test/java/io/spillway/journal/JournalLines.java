package io.spillway.journal;

import io.spillway.message.Lines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** JournalLines to append, and what comes back, as text. */
final class JournalLines {
  private JournalLines() {}

  static Lines lines(String... records) {
    String text = records.length == 0 ? "" : String.join("\n", records) + "\n";
    return new Lines(text.getBytes(StandardCharsets.UTF_8), records.length);
  }

  /** {@code {"n":from}} … {@code {"n":to}}, both included. */
  static Lines numbers(long from, long to) {
    List<String> records = new ArrayList<>();
    for (long n = from; n <= to; n++) {
      records.add("{\"n\":" + n + "}");
    }
    return lines(records.toArray(String[]::new));
  }

  static List<String> texts(Lines lines) {
    String text = new String(lines.array(), lines.from(), lines.length(), StandardCharsets.UTF_8);
    return text.isEmpty() ? List.of() : List.of(text.split("\n"));
  }

  /** All records of a journal as {@code offset record}. */
  static List<String> all(Journal journal) throws IOException {
    List<String> found = new ArrayList<>();
    try (Cursor cursor = journal.cursor(1)) {
      for (Slice slice = cursor.read(7, 1000); !slice.isEmpty(); slice = cursor.read(7, 1000)) {
        long offset = slice.first();
        for (String record : texts(slice.lines())) {
          found.add(offset++ + " " + record);
        }
      }
    }
    return found;
  }

  /** As {@link #all} gives them for {@link #numbers} appended to an empty journal. */
  static List<String> numbered(long from, long to) {
    List<String> expected = new ArrayList<>();
    for (long n = from; n <= to; n++) {
      expected.add(n + " {\"n\":" + n + "}");
    }
    return expected;
  }
}
