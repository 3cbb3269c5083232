package io.spillway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.message.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

/** Records that say themselves whether they are whole. */
final class WholeTexts {
  private WholeTexts() {}

  static List<String> fresh(Random random, int count) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long number = random.nextLong() >>> 20;
      texts.add("{\"n\":" + number + ",\"p\":\"" + "x".repeat((int) (number % 83)) + "\"}");
    }
    return texts;
  }

  static long number(String text) {
    return Long.parseLong(text.substring(5, text.indexOf(',')));
  }

  static boolean isWhole(String text) {
    return text.matches("\\{\"n\":\\d+,\"p\":\"x*\"}")
        && text.length() == text.indexOf(',') + 8 + number(text) % 83;
  }

  static NavigableMap<Long, String> in(Journal journal) throws IOException {
    TreeMap<Long, String> found = new TreeMap<>();
    try (Cursor cursor = journal.cursor(1)) {
      for (Slice s = cursor.read(20, 1_000); !s.isEmpty(); s = cursor.read(20, 1_000)) {
        long offset = s.first();
        for (String text : Texts.texts(s.lines())) {
          assertThat(found.put(offset++, text)).as("read twice").isNull();
        }
      }
    }
    return found;
  }

  static List<String> quarantined(Path dir) throws IOException {
    List<String> texts = new ArrayList<>();
    Path quarantine = dir.resolve("quarantine");
    if (Files.exists(quarantine)) {
      try (var files = Files.list(quarantine)) {
        for (Path file : files.toList()) {
          texts.add(Arrays.toString(Files.readAllBytes(file)));
        }
      }
    }
    return texts;
  }
}
