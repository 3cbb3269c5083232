package io.spillway.message;

import java.util.List;
import java.util.Random;

/** Valid JSON objects and arrays with everything that is unusual about JSON in the wild. */
final class RandomJson {
  private static final List<String> NAMES =
      List.of(
          "a",
          "b",
          "",
          "_topic",
          "_id",
          "_ts_src",
          "_retained",
          "\\u005fid",
          "_\\u0074opic",
          "_x",
          "é",
          "\\\"",
          "\\\\",
          "value",
          "{",
          "]");
  private static final List<String> SCALARS =
      List.of(
          "0",
          "-0",
          "1.5",
          "-2E+10",
          "3e-2",
          "123456789",
          "true",
          "false",
          "null",
          "\"\"",
          "\"x\"",
          "\"\\n\\t\\u0000\"",
          "\"é\ud83d\ude00\"",
          "\"}\"",
          "\"],[\"",
          "\"\\\\\"",
          "\"_id\"",
          "\"a\\\"b\"",
          "\"\\ud83d\\ude00\"",
          "\"  two  blanks  \"");
  private static final List<String> BLANKS =
      List.of("", "", "", " ", "\n", "\r\n  ", "\t", "\r", "  \n\n  ");

  private final Random random;
  private final boolean dense;

  RandomJson(Random random) {
    this.random = random;
    this.dense = random.nextBoolean();
  }

  /** An object or an array, perhaps with blanks around it. */
  String payload() {
    return blank() + (random.nextInt(3) > 0 ? object(0) : array(0)) + blank();
  }

  private String value(int depth) {
    int kind = random.nextInt(depth > 4 ? 1 : 4);
    return switch (kind) {
      case 2 -> object(depth);
      case 3 -> array(depth);
      default -> pick(SCALARS);
    };
  }

  private String object(int depth) {
    StringBuilder text = new StringBuilder("{").append(blank());
    int members = random.nextInt(5);
    for (int i = 0; i < members; i++) {
      text.append(i == 0 ? "" : "," + blank());
      text.append('"').append(pick(NAMES)).append('"').append(blank()).append(':').append(blank());
      text.append(value(depth + 1)).append(blank());
    }
    return text.append('}').toString();
  }

  private String array(int depth) {
    StringBuilder text = new StringBuilder("[").append(blank());
    int elements = random.nextInt(5);
    for (int i = 0; i < elements; i++) {
      text.append(i == 0 ? "" : "," + blank()).append(value(depth + 1)).append(blank());
    }
    return text.append(']').toString();
  }

  private String blank() {
    return dense ? "" : pick(BLANKS);
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
