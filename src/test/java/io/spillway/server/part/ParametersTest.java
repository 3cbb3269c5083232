package io.spillway.server.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The parameters of a request")
class ParametersTest {
  private final MultiMap query = MultiMap.caseInsensitiveMultiMap();
  private final Parameters parameters = new Parameters(query);

  @Test
  @DisplayName("are whole numbers between bounds, or what is said otherwise")
  void whole() throws Parameters.Wrong {
    assertThat(parameters.whole("limit", 1, 9, 5)).isEqualTo(5);
    query.set("limit", "");
    assertThat(parameters.whole("limit", 1, 9, 5)).isEqualTo(5);
    query.set("limit", "9");
    assertThat(parameters.whole("limit", 1, 9, 5)).isEqualTo(9);
    for (String wrong : new String[] {"0", "10", "x", "1.5", "99999999999999999999"}) {
      query.set("limit", wrong);
      assertThatThrownBy(() -> parameters.whole("limit", 1, 9, 5))
          .hasMessage("limit: found \"" + wrong + "\", allowed: a whole number, 1..9");
    }
  }

  @Test
  @DisplayName("are given once")
  void once() {
    query.add("limit", "1").add("limit", "2");
    assertThatThrownBy(() -> parameters.whole("limit", 1, 9, 5))
        .hasMessage("limit: found \"1, 2\", allowed: one value");
  }

  @Test
  @DisplayName("are times, also with the plus sign of a zone that became a blank")
  void times() throws Parameters.Wrong {
    assertThat(parameters.time("from")).isNull();
    query.set("from", "1970-01-01T01:00:01 01:00");
    assertThat(parameters.time("from")).isEqualTo(1_000);
    query.set("from", "yesterday");
    assertThatThrownBy(() -> parameters.time("from"))
        .hasMessageStartingWith("from: found \"yesterday\", allowed: ISO-8601");
  }

  @Test
  @DisplayName("are shown shortened in an error")
  void shortened() {
    query.set("limit", "9".repeat(5_000));
    assertThatThrownBy(() -> parameters.whole("limit", 1, 9, 5))
        .satisfies(error -> assertThat(error.getMessage()).hasSizeLessThan(120));
  }
}
