package io.spillway.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Reads a header line byte by byte. One is read with each chunk, and its memo is as long as the
 * chunk has messages: a regular expression took a fiftieth of all the time of an edge.
 */
final class HeaderParser {
  private static final int CRC_DIGITS = 8;

  private final byte[] line;
  private final int from;
  private final int to;
  private int at;

  /** Everything up to {@link #at} was as it has to be. */
  private boolean fits = true;

  HeaderParser(byte[] line, int from, int to) {
    this.line = line;
    this.from = from;
    this.to = to;
    this.at = from;
  }

  /** Null unless all of it has the form of a header. */
  Header parse(String... types) {
    expect("[\"");
    type(types);
    expect("\",");
    long first = number(18);
    int count = (int) number(9);
    int bytes = (int) number(9);
    String prefix = text(from);
    expect("\"");
    String crc = crc();
    expect("\",\"");
    String memo = base64();
    expect("\"]");
    return fits && at == to ? new Header(prefix, first, count, bytes, crc, memo) : null;
  }

  private void type(String... types) {
    for (String type : types) {
      if (begins(type)) {
        at += type.length();
        return;
      }
    }
    fits = false;
  }

  private void expect(String text) {
    fits &= begins(text);
    at += text.length();
  }

  private boolean begins(String text) {
    if (to - at < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (line[at + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Decimal digits and the comma behind them. */
  private long number(int digitsMax) {
    int start = at;
    long value = 0;
    while (at < to && at - start < digitsMax && isDigit(line[at])) {
      value = 10 * value + line[at++] - '0';
    }
    fits &= at > start;
    expect(",");
    return value;
  }

  private String crc() {
    int start = at;
    while (at < to && (isDigit(line[at]) || (line[at] >= 'a' && line[at] <= 'f'))) {
      at++;
    }
    fits &= at - start == CRC_DIGITS;
    return text(start);
  }

  private String base64() {
    int start = at;
    while (at < to && isBase64(line[at])) {
      at++;
    }
    for (int padding = 0; padding < 2 && at < to && line[at] == '='; padding++) {
      at++;
    }
    return text(start);
  }

  private String text(int start) {
    return fits ? new String(line, start, at - start, ISO_8859_1) : "";
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static boolean isBase64(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || isDigit(b) || b == '+' || b == '/';
  }
}
