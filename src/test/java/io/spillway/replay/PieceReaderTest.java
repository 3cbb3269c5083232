package io.spillway.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is read of a source")
class PieceReaderTest {
  private static final Terms TERMS = new Terms(8, 3, 10_000, true);

  private final Map<Long, String> source = new TreeMap<>();
  private final List<String> said = new ArrayList<>();
  private final Tally tally = new Tally(said::add);

  private void lines(long first, long last, String topic) {
    for (long n = first; n <= last; n++) {
      source.put(n, "{\"n\":" + n + ",\"_topic\":\"" + topic + "\",\"_ts_src\":1}");
    }
  }

  /** The numbers of each piece, as {@code 1-3}. */
  private List<String> pieces(Choice choice, long from, Terms terms) throws IOException {
    List<String> found = new ArrayList<>();
    long last = source.keySet().stream().mapToLong(n -> n).max().orElse(0);
    Shaper shaper = Shaper.forServer(choice, "replay.e", "now");
    try (PieceReader reader =
        new PieceReader(opened(), choice, shaper, tally::looked, from, last)) {
      while (!reader.isAtEnd()) {
        reader
            .next(terms)
            .ifPresent(
                piece -> {
                  found.add(piece.first() + "-" + (piece.next() - 1));
                  assertThat(piece.lines().count()).isEqualTo(piece.outgoing().size());
                  assertThat(piece.lines().length()).isEqualTo(piece.bytes());
                });
      }
    }
    return found;
  }

  private List<String> pieces() throws IOException {
    return pieces(Choice.ALL, 1, TERMS);
  }

  private SourceLines opened() {
    List<Map.Entry<Long, String>> all = List.copyOf(source.entrySet());
    return new SourceLines() {
      private int at = -1;

      @Override
      public boolean next() {
        return ++at < all.size();
      }

      @Override
      public long number() {
        return all.get(at).getKey();
      }

      @Override
      public byte[] array() {
        return all.get(at).getValue().getBytes(UTF_8);
      }

      @Override
      public int from() {
        return 0;
      }

      @Override
      public int to() {
        return array().length;
      }

      @Override
      public void close() {}
    };
  }

  @Test
  @DisplayName("comes in pieces of as many lines as fit into a message")
  void pieceByPiece() throws IOException {
    lines(1, 8, "a");
    assertThat(pieces()).containsExactly("1-3", "4-6", "7-8");
    assertThat(pieces(Choice.ALL, 5, TERMS)).containsExactly("5-7", "8-8");
    int two = 2 * "{\"n\":1,\"_topic\":\"a\",\"_ts_src\":1,\"_id\":\"replay.e.1\"}\n".length();
    assertThat(pieces(Choice.ALL, 1, new Terms(8, 3, two, true)))
        .containsExactly("1-2", "3-4", "5-6", "7-8");
  }

  @Test
  @DisplayName("begins a piece anew behind each number that does not come")
  void holes() throws IOException {
    lines(1, 2, "a");
    lines(5, 6, "a");
    source.put(7L, "no JSON");
    lines(8, 8, "a");
    source.put(9L, "{\"_id\":\"iaq.1.x\"}");
    lines(10, 10, "a");

    assertThat(pieces()).containsExactly("1-2", "5-6", "8-8", "10-10");
    assertThat(said).containsExactly("line 7 is not sent: not a JSON object");
    assertThat(tally.words("sent")).contains("1 could not be sent", "1 left out");
  }

  @Test
  @DisplayName("is of the numbers and the topics that were chosen")
  void chosen() throws IOException {
    lines(1, 4, "a/x");
    lines(5, 5, "b/x");
    lines(6, 9, "a/y");

    assertThat(pieces(new Choice(3, 7, null, false), 1, TERMS)).containsExactly("3-5", "6-7");
    assertThat(pieces(new Choice(3, 7, "a/#", false), 1, TERMS)).containsExactly("3-4", "6-7");
    assertThat(pieces(new Choice(1, 99, "b/+", false), 1, TERMS)).containsExactly("5-5");
    assertThat(pieces(new Choice(1, 99, "c", false), 1, TERMS)).isEmpty();
  }

  @Test
  @DisplayName("leaves out a line that the other side does not take, and says so once")
  void tooLong() throws IOException {
    lines(1, 3, "a");
    source.put(2L, "{\"pad\":\"" + "x".repeat(500) + "\",\"_ts_src\":1}");
    Terms small = new Terms(8, 3, 300, true);

    assertThat(pieces(Choice.ALL, 1, small)).containsExactly("1-1", "3-3");
    assertThat(pieces(Choice.ALL, 1, small)).containsExactly("1-1", "3-3");
    assertThat(said)
        .singleElement()
        .asString()
        .contains("line 2 is not sent", "and a message has room for 299");
  }

  @Test
  @DisplayName("is not taken for whole when the source has become shorter, and what is there goes")
  void shorter() throws IOException {
    lines(1, 4, "a");
    Shaper shaper = Shaper.forServer(Choice.ALL, "replay.e", "now");
    try (PieceReader reader = new PieceReader(opened(), Choice.ALL, shaper, tally::looked, 1, 6)) {
      assertThat(reader.next(TERMS)).isPresent();
      assertThat(reader.next(TERMS).orElseThrow().first()).isEqualTo(4);
      assertThat(reader.isAtEnd()).isFalse();
      assertThatThrownBy(() -> reader.next(TERMS))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ends at line 4, and had 6");
    }
  }
}
