package io.spillway.server.ingest;

import static io.spillway.message.Texts.lines;
import static io.spillway.message.Texts.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.StoreRequest.Refused;
import io.spillway.kit.ManualTime;
import io.spillway.message.Lines;
import io.spillway.message.Texts;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The check of a batch's lines")
class LineCheckTest {
  private final LineCheck check = new LineCheck(new ManualTime(1_000));

  @Test
  @DisplayName("passes good lines on as they are, without a copy")
  void good() {
    Lines lines = lines(id(99), id(100), id(101));
    LineCheck.Result result = check.check("pi", "e", 99, lines);
    assertThat(result.good()).isSameAs(lines);
    assertThat(result.refused()).isEmpty();
  }

  @Test
  @DisplayName("takes bad lines out, first, middle and last, each with its number and bytes")
  void bad() {
    LineCheck.Result result =
        check.check("pi", "e", 5, lines("oops", id(6), "[7]", id(8), "{\"n\":9}"));
    assertThat(texts(result.good())).containsExactly(id(6), id(8));
    assertThat(result.good().count()).isEqualTo(2);
    assertThat(result.refused()).extracting(Refused::seq).containsExactly(5L, 7L, 9L);
    assertThat(result.refused().get(0).rejected().payload()).isEqualTo(Texts.utf8("oops"));
    assertThat(result.refused().get(0).rejected().topic()).isEqualTo("pi.e.5");
    assertThat(result.refused().get(0).rejected().size()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"n\":1}",
        "{\"n\":1,\"_id\":\"pi.e.6\"}",
        "{\"n\":1,\"_id\":\"pi.e.55\"}",
        "{\"n\":1,\"_id\":\"pi.f.5\"}",
        "{\"n\":1,\"_id\":\"pj.e.5\"}",
        "{\"n\":1,\"_id\":\"xpi.e.5\"}",
        "{\"n\":1,\"_id\":\"pi.e.5\" }",
        "{\"n\":1,\"_id\":\"pi.e.5\",\"m\":1}",
        "{\"n\":1,\"_id\":\"5\"}",
        "{\"_id\":\"pi.e.5\"}",
        "{\"n\":1,\"_id\":\"pi.e.5\"}}",
        "{\"n\":1\"_id\":\"pi.e.5\"}",
        "{\"n\":,\"_id\":\"pi.e.5\"}",
        "{\"n\":\"\u0001\",\"_id\":\"pi.e.5\"}",
        " {\"n\":1,\"_id\":\"pi.e.5\"}",
        "[{\"n\":1,\"_id\":\"pi.e.5\"}]",
        "5",
        "\"}"
      })
  @DisplayName("refuses a line that is no object with the _id of its place")
  void refuses(String line) {
    LineCheck.Result result = check.check("pi", "e", 5, lines(line));
    assertThat(result.good().count()).isZero();
    assertThat(result.refused()).hasSize(1);
    assertThat(result.refused().get(0).rejected().reason()).isNotBlank();
  }

  @Test
  @DisplayName("refuses a line that is not UTF-8")
  void notUtf8() {
    byte[] line = Texts.utf8("{\"n\":\"x\",\"_id\":\"pi.e.5\"}\n");
    line[6] = (byte) 0xff;
    LineCheck.Result result = check.check("pi", "e", 5, new Lines(line, 1));
    assertThat(result.refused().get(0).rejected().reason()).contains("UTF-8");
  }

  @Test
  @DisplayName("accounts for every line of a damaged batch, good or refused")
  void fuzz() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    List<String> ids = List.of(id(5), id(6), id(7), id(8));
    for (int round = 0; round < 10_000; round++) {
      byte[] bytes = Texts.utf8(String.join("\n", ids) + "\n");
      for (int change = random.nextInt(4); change > 0; change--) {
        int at = random.nextInt(bytes.length);
        byte fresh = (byte) random.nextInt(256);
        if (bytes[at] != '\n' && fresh != '\n') {
          bytes[at] = fresh;
        }
      }
      LineCheck.Result result = check.check("pi", "e", 5, new Lines(bytes, 4));
      assertThat(result.good().count() + result.refused().size()).as("seed %d", seed).isEqualTo(4);
      assertThat(texts(result.good())).as("seed %d", seed).hasSize(result.good().count());
    }
  }

  private static String id(long seq) {
    return "{\"n\":" + seq + ",\"_id\":\"pi.e." + seq + "\"}";
  }
}
