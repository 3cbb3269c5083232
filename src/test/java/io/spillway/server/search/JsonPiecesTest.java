package io.spillway.server.search;

import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.server.part.JsonBody;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An answer in pieces")
class JsonPiecesTest {
  @Test
  @DisplayName("is one JSON array, whatever stands around it, and as long as it says")
  void whole() {
    assertThat(text("", List.of(), "")).isEqualTo("[]");
    assertThat(text("{\"a\":", List.of(), ",\"é\":1}")).isEqualTo("{\"a\":[],\"é\":1}");
    assertThat(text("", List.of("{}"), "")).isEqualTo("[{}]");
    assertThat(text("<", List.of("{}", "1", "[]"), ">")).isEqualTo("<[{},1,[]]>");
  }

  @Test
  @DisplayName("is made of records only when they are asked for, and lets go of them")
  void pieces() {
    String record = '"' + "x".repeat(10_000) + '"';
    Deque<byte[]> records = new ArrayDeque<>(Collections.nCopies(100, utf8(record)));
    JsonBody body = JsonPieces.body("", records::poll, 100, 100L * record.length(), "");
    assertThat(records).hasSizeGreaterThan(98);

    Buffer first = body.pieces().next();
    assertThat(first.length()).isBetween(60_000, 80_000);
    assertThat(records).hasSizeBetween(90, 95);
  }

  private static String text(String head, List<String> records, String tail) {
    Deque<byte[]> left = new ArrayDeque<>();
    records.forEach(record -> left.add(utf8(record)));
    long bytes = records.stream().mapToLong(String::length).sum();
    return JsonBodies.text(JsonPieces.body(head, left::poll, records.size(), bytes, tail));
  }
}
