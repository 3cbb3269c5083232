package io.spillway.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is wrong with a JSON text, in words for whoever has sent it: those of the parser name its
 * own switches. Where it changes its words, only ours become less exact.
 */
public final class JsonFault {
  private static final Pattern CHARACTER = Pattern.compile("\\('?(.)'? \\(code (\\d+)");
  private static final Pattern TOKEN = Pattern.compile("[Tt]oken '([^']{1,40})'?");

  private JsonFault() {}

  /** One line, which begins with what sort of fault it is. */
  public static String words(IOException error) {
    boolean limit = error instanceof StreamConstraintsException;
    return (limit ? "JSON beyond a limit: " : "not valid JSON: ") + detail(error);
  }

  /** The same for whoever has said what sort of fault it is. */
  public static String detail(IOException error) {
    if (error instanceof StreamConstraintsException limit) {
      return limit(String.valueOf(limit.getOriginalMessage()));
    }
    return error instanceof JsonProcessingException fault ? syntax(fault) : "it cannot be read";
  }

  private static String limit(String text) {
    if (text.contains("nesting depth")) {
      return "arrays or objects are nested too deep";
    }
    if (text.contains("Number value length")) {
      return "a number has too many digits";
    }
    return text.contains("ame length") ? "a member's name is too long" : "a text is too long";
  }

  private static String syntax(JsonProcessingException fault) {
    if (fault instanceof JsonEOFException) {
      return "it ends too early";
    }
    String text = String.valueOf(fault.getOriginalMessage());
    String at = fault.getLocation() == null ? "" : ", byte " + fault.getLocation().getByteOffset();
    Matcher token = TOKEN.matcher(text);
    if (token.find()) {
      return token.group(1) + " is no JSON value" + at;
    }
    Matcher character = CHARACTER.matcher(text);
    return (character.find() ? unexpected(character) : "a mistake") + at;
  }

  private static String unexpected(Matcher character) {
    int code = Integer.parseInt(character.group(2));
    return code < ' ' ? "control character " + code : "unexpected " + character.group(1);
  }
}
