package io.spillway.store;

import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The identity at the end of a line")
class RecordIdTest {
  @Test
  @DisplayName("is edge and epoch, and the number")
  void found() {
    assertThat(of("{\"a\":1,\"_id\":\"pi-attic.3f9a1c2e.1042\"}"))
        .isEqualTo(new RecordId("pi-attic.3f9a1c2e", 1042));
    assertThat(of("{\"a\":1,\"_id\":\"e.p.1\"}")).isEqualTo(new RecordId("e.p", 1));
    assertThat(of("{\"a\":1,\"_id\":\"e.p.999999999999999999\"}"))
        .isEqualTo(new RecordId("e.p", 999_999_999_999_999_999L));
    String longest = "x".repeat(64) + '.' + "y".repeat(64);
    assertThat(of("{\"a\":1,\"_id\":\"" + longest + ".7\"}")).isEqualTo(new RecordId(longest, 7));
  }

  @Test
  @DisplayName("is found in the middle of a block")
  void inBlock() {
    byte[] block = utf8("{\"a\":1,\"_id\":\"e.p.1\"}\n{\"b\":2,\"_id\":\"e.p.2\"}\n");
    assertThat(RecordId.atEndOf(block, 22, block.length - 1)).isEqualTo(new RecordId("e.p", 2));
    assertThat(RecordId.atEndOf(block, 30, block.length - 1)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "}",
        "\"}",
        "{}",
        "{\"a\":1}",
        "{\"a\":\"1\"}",
        "{\"_id\":\"e.p.1\"}",
        "{\"a\":1,\"_id\":\"e.p.1\" }",
        "{\"a\":1,\"_id\":\"e.p.\"}",
        "{\"a\":1,\"_id\":\"1\"}",
        "{\"a\":1,\"_id\":\".1\"} ",
        "{\"a\":1,\"_id\":\"e.p.1\",\"b\":2}",
        "{\"a\":1,\"id\":\"e.p.1\"}",
        "{\"a\":1,\"_id\":\"e.p.x\"}",
        "{\"a\":1,\"_id\":\"e.p.-1\"}",
        "{\"a\":1, \"_id\":\"e.p.1\"}",
        "{\"a\":{\"b\":1,\"_id\":\"e.p.1\"}}",
        "{\"a\":1,\"_id\":\"e.p.9999999999999999999\"}",
        "5\"}",
        ".5\"}"
      })
  @DisplayName("is not seen in anything else")
  void none(String line) {
    assertThat(of(line)).isNull();
  }

  @Test
  @DisplayName("is looked for without leaving the line, whatever is in it")
  void fuzz() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    byte[] good = utf8("{\"a\":1,\"_id\":\"e.p.12\"}");
    for (int round = 0; round < 20_000; round++) {
      byte[] line = good.clone();
      for (int change = random.nextInt(4); change > 0; change--) {
        line[random.nextInt(line.length)] = (byte) "\"{}.,:019_id ep".charAt(random.nextInt(15));
      }
      int from = random.nextInt(line.length + 1);
      int to = from + random.nextInt(line.length + 1 - from);
      try {
        RecordId id = RecordId.atEndOf(line, from, to);
        assertThat(id == null || id.seq() >= 0).as("seed %d", seed).isTrue();
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static RecordId of(String line) {
    byte[] bytes = utf8(line);
    return RecordId.atEndOf(bytes, 0, bytes.length);
  }
}
