package io.spillway.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Checks that bytes are one JSON object or array in UTF-8 (RFC 8259), by streaming: no tree is
 * built. Finds the elements of an array, and members whose names are ours.
 *
 * <p>Not for several threads at once: it keeps a buffer.
 */
public final class Payload {
  /** Which part of the server has written the record; nobody else may say so. */
  static final String WRITER = "_by";

  /** The members that the edge or the server adds; theirs win over the payload's. */
  static final Set<String> RESERVED = Set.of("_topic", "_ts_src", "_retained", "_id", WRITER);

  static final JsonFactory JSON =
      new JsonFactoryBuilder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final CharBuffer decoded = CharBuffer.allocate(4096);

  /** Receives what a payload is made of, in order; positions are in the payload's array. */
  interface Visitor {
    /** An object is {@code bytes[from, to)}, braces included. */
    void object(int from, int to, boolean hasReservedMember) throws RejectedPayload;

    /** An element of an array that is not an object is {@code bytes[from, to)}. */
    void value(int from, int to) throws RejectedPayload;
  }

  /** Receives the members of an object, in order. */
  interface MemberVisitor {
    /**
     * A member, from its name to the end of its value, is {@code bytes[from, to)}; its value begins
     * at {@code valueFrom}.
     *
     * @param name without escapes
     * @param type of the value
     */
    void member(String name, JsonToken type, int from, int valueFrom, int to);
  }

  /** Whether {@code bytes[from, to)} is one JSON object; otherwise the reason why not. */
  public void requireObject(byte[] bytes, int from, int to) throws RejectedPayload {
    if (to <= from || bytes[from] != '{') {
      throw new RejectedPayload("not a JSON object");
    }
    check(bytes, from, to);
    walk(bytes, from, to, NOTHING);
  }

  /**
   * Walks a payload whose bytes have been {@linkplain #check checked}.
   *
   * @throws RejectedPayload if it is not one JSON object or array
   */
  void walk(byte[] bytes, int from, int to, Visitor visitor) throws RejectedPayload {
    int start = Blanks.begin(bytes, from, to);
    if (start == to) {
      throw new RejectedPayload(RejectionKind.EMPTY, "empty");
    }
    if (!isDocument(bytes[start])) {
      throw new RejectedPayload(RejectionKind.BARE_VALUE, "not a JSON object or array");
    }
    try (JsonParser parser = JSON.createParser(bytes, start, to - start)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        boolean reserved = skipObject(parser);
        visitor.object(start, start + position(parser), reserved);
      } else {
        visitElements(parser, start, visitor);
      }
      if (parser.nextToken() != null) {
        throw new RejectedPayload("not valid JSON: something follows the first value");
      }
    } catch (IOException e) {
      throw new RejectedPayload(JsonFault.words(e));
    }
  }

  /**
   * Walks NDJSON lines, each one object or array; blank ones are skipped, and those of nothing but
   * a byte order mark.
   *
   * @throws RejectedPayload if one of them is none
   */
  void walkLines(byte[] bytes, int from, int to, Visitor visitor) throws RejectedPayload {
    int end;
    int number = 1;
    for (int start = from; start < to; start = end + 1, number++) {
      end = Blanks.lineEnd(bytes, start, to);
      if (!Blanks.isBlank(bytes, start, end)) {
        try {
          walk(bytes, start, end, visitor);
        } catch (RejectedPayload e) {
          throw new RejectedPayload(e.kind(), "line " + number + ": " + e.getMessage());
        }
      }
    }
  }

  /**
   * Whether {@code bytes[from, to)} is one JSON value, of any sort, and {@code from} where it
   * {@link Blanks#begin begins}: Jackson would pass over a byte order mark, which is no JSON.
   */
  static boolean isValue(byte[] bytes, int from, int to) {
    try (JsonParser parser = JSON.createParser(bytes, from, to - from)) {
      parser.nextToken();
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether an object or array may begin so. */
  static boolean isDocument(byte first) {
    return first == '{' || first == '[';
  }

  /** Walks the members of the object {@code bytes[from, to)}, which is known to be valid. */
  static void visitMembers(byte[] bytes, int from, int to, MemberVisitor visitor) {
    try (JsonParser parser = JSON.createParser(bytes, from, to - from)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        int start = from + (int) parser.currentTokenLocation().getByteOffset();
        String name = parser.currentName();
        JsonToken type = parser.nextToken();
        int valueFrom = from + (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        visitor.member(name, type, start, valueFrom, from + position(parser));
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("was valid a moment ago", e);
    }
  }

  private static void visitElements(JsonParser parser, int start, Visitor visitor)
      throws IOException, RejectedPayload {
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      int from = start + (int) parser.currentTokenLocation().getByteOffset();
      if (token == JsonToken.START_OBJECT) {
        boolean reserved = skipObject(parser);
        visitor.object(from, start + position(parser), reserved);
      } else {
        parser.skipChildren();
        parser.finishToken();
        visitor.value(from, start + position(parser));
      }
    }
  }

  /** From the opening brace to the closing one; true if a member's name is one of ours. */
  private static boolean skipObject(JsonParser parser) throws IOException {
    boolean reserved = false;
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_OBJECT) {
      if (token == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        reserved |= !name.isEmpty() && name.charAt(0) == '_' && RESERVED.contains(name);
      } else if (token.isStructStart()) {
        parser.skipChildren();
      }
    }
    return reserved;
  }

  /**
   * Everything that a look at single bytes can tell. Control characters cannot stand unescaped in
   * JSON; without them, and without a NUL above all, Jackson cannot mistake the bytes for UTF-16.
   *
   * @return true if there are line breaks
   */
  boolean check(byte[] bytes, int from, int to) throws RejectedPayload {
    boolean ascii = true;
    boolean lineBreaks = false;
    for (int at = from; at < to; at++) {
      byte b = bytes[at];
      if (b < ' ') {
        if (b < 0) {
          ascii = false;
        } else if (b == '\n' || b == '\r') {
          lineBreaks = true;
        } else if (b != '\t') {
          throw new RejectedPayload("not valid JSON: a control character, byte " + (at - from));
        }
      }
    }
    if (!ascii) {
      checkUtf8(bytes, from, to);
    }
    return lineBreaks;
  }

  private void checkUtf8(byte[] bytes, int from, int to) throws RejectedPayload {
    ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
    utf8.reset();
    CoderResult result;
    do {
      decoded.clear();
      result = utf8.decode(in, decoded, true);
    } while (result.isOverflow());
    if (result.isError()) {
      throw new RejectedPayload(
          RejectionKind.ENCODING, "not valid UTF-8, byte " + (in.position() - from));
    }
  }

  /** Bytes consumed so far, from where the parser began. */
  private static int position(JsonParser parser) {
    return (int) parser.currentLocation().getByteOffset();
  }

  private static final Visitor NOTHING =
      new Visitor() {
        @Override
        public void object(int from, int to, boolean hasReservedMember) {}

        @Override
        public void value(int from, int to) {}
      };
}
