package io.spillway.config;

import com.fasterxml.jackson.core.StreamReadConstraints;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What is wrong with a text that a JSON parser has refused: the first mistake, where it is and what
 * to do about it, for somebody who edits the file by hand. It quotes nothing but names of keys.
 *
 * <p>The grammar is that of RFC 8259. A parser's own message says what it expected; that a comma is
 * one too many or a quote is missing is known only by looking at what is there.
 */
final class JsonMistake {
  private static final int DEEPEST = 500;
  private static final Pattern CONFLICT = Pattern.compile("<{7} |={7}\\R|>{7} ");

  // What the parser takes by default.
  private static final int KEY_MAX = StreamReadConstraints.DEFAULT_MAX_NAME_LEN;
  private static final int NUMBER_MAX = StreamReadConstraints.DEFAULT_MAX_NUM_LEN;

  private final String text;
  private int at;

  private JsonMistake(String text) {
    this.text = text;
  }

  /** {@code LINE:COLUMN: broken JSON: what, and the cure}; both count from 1. */
  static String in(String text) {
    JsonMistake scan = new JsonMistake(text);
    try {
      scan.beginning();
      scan.value(0);
      scan.space();
      if (scan.at < text.length()) {
        throw scan.mistake(scan.at, "something follows the closing brace; remove it");
      }
      throw scan.mistake(0, "no JSON, though it is not clear why; see https://www.json.org");
    } catch (Mistake mistake) {
      return scan.place(mistake.offset, ":") + ": broken JSON: " + mistake.getMessage();
    }
  }

  private static final class Mistake extends Exception {
    private static final long serialVersionUID = 1L;
    private final int offset;

    Mistake(int offset, String what) {
      super(what, null, false, false);
      this.offset = offset;
    }
  }

  private Mistake mistake(int offset, String what) {
    return new Mistake(offset, what);
  }

  /** That of another format: YAML, TOML, a shell script. */
  private void beginning() throws Mistake {
    space();
    if (at < text.length() && "{[\"".indexOf(peek()) < 0) {
      throw mistake(at, "no { at its beginning; it is one JSON object, { \"key\": value }");
    }
  }

  private void value(int depth) throws Mistake {
    space();
    if (depth > DEEPEST) {
      throw mistake(at, "more than " + DEEPEST + " levels deep");
    }
    char next = peek();
    if (next == '{') {
      object(depth);
    } else if (next == '[') {
      array(depth);
    } else if (next == '"') {
      string();
    } else {
      word();
    }
  }

  private void object(int depth) throws Mistake {
    int open = at++;
    Map<String, Integer> keys = new HashMap<>();
    space();
    boolean more = peek() != '}';
    while (more) {
      key(open, keys);
      value(depth + 1);
      more = another(open, '}', '{');
    }
    at++;
  }

  private void key(int open, Map<String, Integer> keys) throws Mistake {
    space();
    int start = at;
    if (at == text.length()) {
      throw unclosed(open, '{', '}');
    }
    if (peek() >= '0' && peek() <= '9') {
      throw mistake(at, "a number where a key belongs; a number has no commas, write 5000");
    }
    if (peek() != '"') {
      throw mistake(
          at,
          peek() == '\''
              ? "a key in single quotes; JSON wants double quotes"
              : "a key without its opening quote; write \"key\": value");
    }
    String name = string();
    if (name.length() > KEY_MAX) {
      throw mistake(start, "a key of more than " + KEY_MAX + " characters");
    }
    Integer first = keys.put(name, start);
    if (first != null) {
      throw mistake(start, "this key a second time, first at " + place(first, ":") + "; keep one");
    }
    space();
    if (peek() != ':') {
      throw mistake(at, "no colon after this key; write \"key\": value");
    }
    at++;
  }

  private void array(int depth) throws Mistake {
    int open = at++;
    space();
    boolean more = peek() != ']';
    while (more) {
      value(depth + 1);
      more = another(open, ']', '[');
    }
    at++;
  }

  /** After an entry: true if a comma and another one follow, false at the end. */
  private boolean another(int open, char close, char opened) throws Mistake {
    space();
    if (at == text.length()) {
      throw unclosed(open, opened, close);
    }
    if (peek() == close) {
      return false;
    }
    if (peek() != ',') {
      throw mistake(
          at,
          peek() == '}' || peek() == ']'
              ? "a "
                  + peek()
                  + " where the "
                  + opened
                  + " of "
                  + place(open, ":")
                  + " is open; "
                  + "close it with "
                  + close
              : "no comma before this; put one between two entries");
    }
    int comma = at++;
    space();
    if (peek() == '}' || peek() == ']') {
      throw mistake(comma, "a comma after the last entry; remove it");
    }
    if (peek() == ',') {
      throw mistake(at, "two commas; remove one");
    }
    return true;
  }

  private Mistake unclosed(int open, char opened, char close) {
    return mistake(
        text.length(),
        "the end, while the " + opened + " of " + place(open, ":") + " is open; add a " + close);
  }

  private String string() throws Mistake {
    int open = at++;
    int start = at;
    while (peek() != '"') {
      if (at == text.length() || peek() == '\n' || peek() == '\r') {
        throw mistake(open, "a text without its closing quote in this line; add a \"");
      }
      if (peek() < ' ') {
        throw mistake(at, "a control character in a text; write a tab as \\t");
      }
      if (peek() == '\\') {
        escape();
      }
      at++;
    }
    return text.substring(start, at++);
  }

  private void escape() throws Mistake {
    int backslash = at++;
    boolean hex = peek() == 'u' && text.startsWith("u", at);
    if (hex && text.substring(at + 1).matches("(?s)[0-9A-Fa-f]{4}.*")) {
      at += 4;
    } else if (hex || "\"\\/bfnrt".indexOf(peek()) < 0) {
      throw mistake(backslash, "a single backslash; write it twice, or / in a path");
    }
  }

  /** A number, true, false, null; or what somebody took for one. */
  private void word() throws Mistake {
    int start = at;
    while (at < text.length() && ",:{}[]\"'/#".indexOf(peek()) < 0 && !isSpace(peek())) {
      at++;
    }
    String word = text.substring(start, at);
    if (word.matches("true|false|null|-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) {
      if (word.length() > NUMBER_MAX) {
        throw mistake(start, "a number of more than " + NUMBER_MAX + " digits");
      }
      return;
    }
    if (word.isEmpty()) {
      throw mistake(
          start,
          start == text.length()
              ? "the end, where a value belongs"
              : peek() == '\'' ? "a text in single quotes; JSON wants double quotes" : "no value");
    }
    if (word.matches("(?i)true|false|null|none|nil")) {
      throw mistake(start, "true, false and null are written in lower case");
    }
    boolean number = word.matches("[-+.]?\\d[\\d_.eE+-]*");
    throw mistake(
        start,
        number
            ? "no number as JSON has them; write 1000, 0.5 or -3, or put a text in quotes"
            : "a text without its opening quote; put it in double quotes");
  }

  private void space() throws Mistake {
    while (at < text.length() && isSpace(peek())) {
      at++;
    }
    if (text.startsWith("//", at) || text.startsWith("/*", at) || peek() == '#') {
      throw mistake(at, "a comment, which JSON does not have; remove it");
    }
    if (CONFLICT.matcher(text).region(at, text.length()).lookingAt()) {
      throw mistake(at, "the mark of a merge conflict; keep one side, and remove the marks");
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  /** The next character; NUL at the end. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private String place(int offset, String separator) {
    String before = text.substring(0, offset);
    long line = before.chars().filter(c -> c == '\n').count() + 1;
    return line + separator + (offset - before.lastIndexOf('\n'));
  }
}
