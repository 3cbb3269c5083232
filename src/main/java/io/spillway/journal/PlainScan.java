package io.spillway.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;

/**
 * Reads a PLAIN segment: each line has to be one JSON object. The n-th line has the n-th offset,
 * readable or not, so damage to one line renumbers no other.
 */
public final class PlainScan {
  private static final JsonFactory JSON = json();

  private PlainScan() {}

  /** Reads {@code lines} to their end; closes nothing. */
  static Scan of(LineReader lines, long first, long size) throws IOException {
    Scan scan = new Scan(first, size);
    while (lines.next()) {
      if (!lines.tooLong() && isObject(lines.array(), lines.from(), lines.to())) {
        scan.good(lines.position(), lines.end(), scan.next(), 1);
      } else {
        scan.bad(lines.position(), lines.end(), 1);
      }
    }
    scan.tornFrom(lines.position());
    return scan;
  }

  /** Whether {@code line[from, to)}, without its line end, is one JSON object: a record. */
  public static boolean isObject(byte[] line, int from, int to) {
    if (from == to || line[from] != '{') {
      return false;
    }
    try (JsonParser parser = JSON.createParser(line, from, to - from)) {
      parser.nextToken();
      parser.skipChildren();
      return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
    } catch (IOException notJson) {
      return false;
    }
  }

  // What was accepted once must not be refused at the next start: no limits beside the line's own.
  private static JsonFactory json() {
    StreamReadConstraints unlimited =
        StreamReadConstraints.builder()
            .maxNestingDepth(Integer.MAX_VALUE)
            .maxNumberLength(Integer.MAX_VALUE)
            .maxStringLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .build();
    return JsonFactory.builder()
        .streamReadConstraints(unlimited)
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .build();
  }
}
