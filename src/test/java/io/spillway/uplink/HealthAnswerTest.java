package io.spillway.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An answer to GET /health")
class HealthAnswerTest {
  private static final String HEALTH =
      "{\"status\":\"ok\",\"service\":\"spillway\",\"timestamp\":\"2026-11-21T05:20:00.007Z\"}";

  private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();

  @Test
  @DisplayName("is Spillway's where it says so, and dated by itself")
  void spillway() {
    headers.add("Date", "Sat, 21 Nov 2026 06:20:00 GMT"); // a proxy's
    HealthAnswer answer = HealthAnswer.of(200, headers, HEALTH, 5);
    assertThat(answer.spillway()).isTrue();
    assertThat(answer.dateMs()).hasValue(1_795_238_400_007L);
    assertThat(answer.ownMs()).isEqualTo(5);
    assertThat(answer.through()).isEmpty();
  }

  @Test
  @DisplayName("is dated by its header where it is another's, or not at all")
  void others() {
    assertThat(of("{}").dateMs()).isEmpty();
    headers.set("Date", "Sat, 21 Nov 2026 05:20:00 GMT");
    assertThat(of("Upgrade Required").dateMs()).hasValue(1_795_238_400_000L);
    assertThat(of("Upgrade Required").spillway()).isFalse();
    headers.set("Date", "yesterday");
    assertThat(of("{}").dateMs()).isEmpty();
  }

  @Test
  @DisplayName("names the proxies that name themselves, and does nothing to a terminal")
  void proxies() {
    headers.add("Server", "nginx/1.22.1").add("Via", "1.1 \u001b[2J" + "x".repeat(200));
    assertThat(of("{}").through())
        .startsWith("nginx/1.22.1, 1.1 \\u001b[2J")
        .endsWith("...")
        .hasSizeLessThan(80);
  }

  private HealthAnswer of(String head) {
    return HealthAnswer.of(200, headers, head, 0);
  }
}
