package io.spillway.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The header of a chunk or segment")
class HeaderTest {
  /** The form, said once more in another way. */
  private static final Pattern FORM =
      Pattern.compile(
          "(\\[\"(?:chunk|segment)\",([0-9]{1,18}),([0-9]{1,9}),([0-9]{1,9}),)"
              + "\"([0-9a-f]{8})\",\"([A-Za-z0-9+/]*={0,2})\"\\]");

  private static final String ALPHABET = "[]\",=09afAZ+/g {\n\0\377";

  private static Header parse(String line) {
    byte[] bytes = ("x" + line + "y").getBytes(ISO_8859_1);
    return Header.parse(bytes, 1, bytes.length - 1);
  }

  private static Header byForm(String line) {
    Matcher parts = FORM.matcher(line);
    return parts.matches()
        ? new Header(
            parts.group(1),
            Long.parseLong(parts.group(2)),
            Integer.parseInt(parts.group(3)),
            Integer.parseInt(parts.group(4)),
            parts.group(5),
            parts.group(6))
        : null;
  }

  @Test
  @DisplayName("is read as it was written")
  void asWritten() {
    byte[] records = "{\"a\":1}\n".getBytes(ISO_8859_1);
    for (byte[] memo : new byte[][] {null, {}, {1}, {1, 2}, {1, 2, 3}, {-1, -2, -3, -4}}) {
      Header written = Header.chunk(1042, 1, records, 0, records.length, Header.base64(memo));
      byte[] line = written.line();
      assertEquals(written, Header.parse(line, 0, line.length - 1));
    }
  }

  @Test
  @DisplayName("takes numbers up to 18 and 9 digits, and none longer")
  void largestNumbers() {
    String line = "[\"chunk\",999999999999999999,999999999,999999999,\"9c1185a5\",\"\"]";
    assertEquals(byForm(line), parse(line));
    assertNull(parse(line.replace(",9999", ",99999")));
  }

  @Test
  @DisplayName("is none when it is cut, at whatever byte")
  void everyLengthOfIt() {
    String line = "[\"segment\",1042,0,0,\"54f3e1a0\",\"c25hcHNob3Q=\"]";
    for (int length = 0; length < line.length(); length++) {
      assertNull(parse(line.substring(0, length)), line.substring(0, length));
    }
    assertEquals(byForm(line), parse(line));
  }

  @Test
  @DisplayName("is read as its form says, whatever was changed in it")
  void whateverIsChanged() {
    String[] lines = {
      "[\"chunk\",1042,100,30211,\"9c1185a5\",\"bWVtbw==\"]",
      "[\"segment\",0,0,0,\"54f3e1a0\",\"\"]",
    };
    Random random = new Random(11);
    int formed = 0;
    for (int round = 0; round < 200_000; round++) {
      StringBuilder line = new StringBuilder(lines[random.nextInt(lines.length)]);
      for (int change = random.nextInt(3); change >= 0; change--) {
        int at = random.nextInt(line.length());
        char with = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        switch (random.nextInt(3)) {
          case 0 -> line.setCharAt(at, with);
          case 1 -> line.insert(at, with);
          default -> line.deleteCharAt(at);
        }
      }
      Header expected = byForm(line.toString());
      formed += expected == null ? 0 : 1;
      assertEquals(expected, parse(line.toString()), line.toString());
    }
    assertEquals(true, formed > 1_000, "too few of them are headers: " + formed);
  }
}
