package io.spillway.server.api;

import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.server.api.BodyCutter.Document;
import io.spillway.server.api.BodyCutter.Piece;
import io.spillway.server.api.BodyCutter.Some;
import io.spillway.server.api.BodyCutter.TooBig;
import io.spillway.server.api.BodyCutter.TooLong;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The cutter of bodies")
class BodyCutterTest {
  private static final int MAX = 20;

  @Test
  @DisplayName("gives the same pieces wherever the network cuts the body")
  void everyBoundary() throws TooBig {
    String body = "\n{\"a\":1}\n{\"b\":\"" + "x".repeat(30) + "\"}\n\nbad\r\n{\"c\":1}";
    List<String> expected = List.of("1+2 \n{\"a\":1}\n", "3 too long 38", "4+3 \nbad\r\n{\"c\":1}");
    byte[] bytes = utf8(body);
    assertThat(shown(cut(true, bytes))).isEqualTo(expected);
    for (int first = 0; first <= bytes.length; first++) {
      for (int second = first; second <= bytes.length; second++) {
        byte[] a = Arrays.copyOfRange(bytes, 0, first);
        byte[] b = Arrays.copyOfRange(bytes, first, second);
        byte[] c = Arrays.copyOfRange(bytes, second, bytes.length);
        assertThat(shown(cut(true, a, b, c))).as(first + ", " + second).isEqualTo(expected);
      }
    }
  }

  @Test
  @DisplayName("holds a body whole whose first line is no record, up to the limit")
  void document() throws TooBig {
    assertThat(shown(cut(true, utf8("[\n{\"a\":1}\n]")))).containsExactly("[\n{\"a\":1}\n]");
    assertThat(shown(cut(true, utf8("[\n" + "1".repeat(MAX - 3) + "]")))).hasSize(1);
    assertThatThrownBy(() -> cut(true, utf8("[\n" + "1".repeat(MAX - 2) + "]")))
        .isInstanceOf(TooBig.class)
        .hasMessage("one JSON document may have at most 20 bytes; send NDJSON lines for more");
    assertThat(cut(true)).isEmpty();
  }

  @Test
  @DisplayName("takes a line of the very limit, and keeps the head of a longer one")
  void limit() throws TooBig {
    String longest = "x".repeat(MAX);
    assertThat(shown(cut(true, utf8("{}\n" + longest + "\n")))).hasSize(1);
    assertThat(shown(cut(true, utf8("{}\n" + longest)))).hasSize(1);
    for (String end : List.of("", "\n")) {
      assertThat(shown(cut(true, utf8("{}\n" + longest + "y" + end))))
          .containsExactly("1+1 {}\n", "2 too long 21");
    }
    String huge = "z".repeat(3 * BodyCutter.HEAD_BYTES);
    List<Piece> pieces = cut(true, utf8("{}\n"), utf8(huge), utf8(huge), utf8("\n{}"));
    TooLong line = (TooLong) pieces.get(1);
    assertThat(line.size()).isEqualTo(2L * huge.length());
    assertThat(line.head().length).isBetween(1, 2 * huge.length() - 1);
    assertThat(pieces.get(2))
        .isInstanceOfSatisfying(Some.class, s -> assertThat(s.first()).isEqualTo(3));
  }

  @Test
  @DisplayName("gives only whole lines of a body that broke off")
  void brokenOff() throws TooBig {
    assertThat(shown(cut(false, utf8("{\"a\":1}\n{\"b\":")))).containsExactly("1+1 {\"a\":1}\n");
    assertThat(cut(false, utf8("{\"a\":1}"))).isEmpty();
    assertThat(cut(false, utf8("[\n1,\n"))).isEmpty();
  }

  @Test
  @DisplayName("cuts after so many bytes and after so many lines, with the line numbers right")
  void pieces() throws TooBig {
    byte[] body = utf8("{}\n".repeat(BodyCutter.PIECE_LINES * 2 + 1));
    assertThat(cut(true, body))
        .extracting(piece -> ((Some) piece).first() + "+" + ((Some) piece).count())
        .containsExactly("1+10000", "10001+10000", "20001+1");
    String line = "{\"a\":\"0123456\"}\n";
    byte[] wide = utf8(line.repeat(BodyCutter.PIECE_BYTES / line.length() / 4));
    BodyCutter cutter = BodyCutter.of(MAX, record -> true);
    for (int i = 0; i < 8; i++) {
      cutter.add(wide);
    }
    cutter.end(true);
    long lines = 0;
    for (Piece piece = cutter.next(); piece != null; piece = cutter.next()) {
      assertThat(((Some) piece).first()).isEqualTo(lines + 1);
      assertThat(((Some) piece).text().length).isLessThan(BodyCutter.PIECE_BYTES + line.length());
      lines += ((Some) piece).count();
    }
    assertThat(lines).isEqualTo(8L * wide.length / line.length());
  }

  private static List<Piece> cut(boolean whole, byte[]... parts) throws TooBig {
    BodyCutter cutter = BodyCutter.of(MAX, line -> line[0] == '{');
    for (byte[] part : parts) {
      cutter.add(part);
    }
    cutter.end(whole);
    List<Piece> pieces = new ArrayList<>();
    for (Piece piece = cutter.next(); piece != null; piece = cutter.next()) {
      pieces.add(piece);
    }
    return pieces;
  }

  private static List<String> shown(List<Piece> pieces) {
    return pieces.stream().map(BodyCutterTest::show).toList();
  }

  private static String show(Piece piece) {
    if (piece instanceof Some some) {
      return some.first() + "+" + some.count() + " " + text(some.text());
    }
    return piece instanceof TooLong line
        ? line.line() + " too long " + line.size()
        : text(((Document) piece).text());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
