package io.spillway.tools;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.spillway.message.JsonFault;
import java.io.IOException;

/**
 * Reads one line: is it a JSON object, and whose record is it?
 *
 * <p>The whole line is parsed, because a torn write may well end in the middle of a value and a
 * search for {@code "_id"} would not notice; no tree is built. One instance is used for all lines.
 */
final class RecordLine {
  // What a record may hold was decided when it was accepted; here only its form counts.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private static final int SEQ_DIGITS_MAX = 18;

  private boolean hasId;
  private String series;
  private long seq;
  private String claimedSeries;
  private long claimedSeq;

  /** The series that was read last. */
  private String found;

  /** Null for a record; else why {@code bytes[from, to)}, without the line end, is none. */
  String read(byte[] bytes, int from, int to) throws IOException {
    hasId = false;
    seq = 0;
    claimedSeq = 0;
    try (JsonParser parser = JSON.createParser(bytes, from, to - from)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return "not a JSON object";
      }
      String name;
      while ((name = parser.nextFieldName()) != null) {
        JsonToken value = parser.nextToken();
        if (name.equals("_id")) {
          hasId = true;
          seq = readId(parser, value); // the last one wins, as for any JSON reader
          series = found;
        } else if (name.equals("_claimed_id")) {
          claimedSeq = readId(parser, value);
          claimedSeries = found;
        } else {
          parser.skipChildren();
        }
      }
      return parser.nextToken() == null ? null : "something follows the JSON object";
    } catch (JsonProcessingException error) {
      return "not a JSON object: " + JsonFault.detail(error);
    }
  }

  /** Whether there is a top-level {@code _id}, of whatever form. */
  boolean hasId() {
    return hasId;
  }

  /** The seq of an {@code _id} of the form {@code <edge>.<epoch>.<seq>}, else 0. */
  long seq() {
    return seq;
  }

  /** {@code <edge>.<epoch>}, when {@link #seq()} is not 0. */
  String series() {
    return series;
  }

  /**
   * The seq of a {@code _claimed_id} of that form, by which a record came that is a plain client's
   * to the server; else 0.
   */
  long claimedSeq() {
    return claimedSeq;
  }

  /** {@code <edge>.<epoch>} of that, when {@link #claimedSeq()} is not 0. */
  String claimedSeries() {
    return claimedSeries;
  }

  /** The seq, whose series is {@link #found}; 0 if it has another form. */
  private long readId(JsonParser parser, JsonToken value) throws IOException {
    if (value != JsonToken.VALUE_STRING) {
      parser.skipChildren();
      return 0;
    }
    char[] text = parser.getTextCharacters();
    int from = parser.getTextOffset();
    int to = from + parser.getTextLength();
    int digits = to;
    while (digits > from && text[digits - 1] >= '0' && text[digits - 1] <= '9') {
      digits--;
    }
    int seriesEnd = digits - 1;
    if (digits < to
        && to - digits <= SEQ_DIGITS_MAX
        && text[digits] != '0'
        && isSeries(text, from, seriesEnd)) {
      rememberSeries(text, from, seriesEnd);
      return number(text, digits, to);
    }
    return 0;
  }

  // An edge name may hold dots; the epoch is what stands between the last two.
  private static boolean isSeries(char[] text, int from, int end) {
    if (end <= from || text[end] != '.') {
      return false;
    }
    int dot = end - 1;
    while (dot > from && text[dot] != '.') {
      dot--;
    }
    return dot > from && dot < end - 1;
  }

  private static long number(char[] text, int from, int to) {
    long number = 0;
    for (int at = from; at < to; at++) {
      number = number * 10 + (text[at] - '0');
    }
    return number;
  }

  // Nearly always the series of the line before: no string is made then.
  private void rememberSeries(char[] text, int from, int to) {
    if (found == null || !sameText(found, text, from, to)) {
      found = new String(text, from, to - from);
    }
  }

  private static boolean sameText(String known, char[] text, int from, int to) {
    if (known.length() != to - from) {
      return false;
    }
    for (int at = known.length() - 1; at >= 0; at--) {
      if (known.charAt(at) != text[from + at]) {
        return false;
      }
    }
    return true;
  }
}
