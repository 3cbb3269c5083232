package io.spillway.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The stored ids")
class StoredIdsTest {
  @Test
  @DisplayName("are the last so many, the oldest forgotten first")
  void bounded() {
    StoredIds ids = new StoredIds(3);
    ids.addAll(List.of("a", "b", "c", "d"));

    assertThat(ids.contains("a")).isFalse();
    assertThat(List.of("b", "c", "d")).allMatch(ids::contains);
    assertThat(ids.size()).isEqualTo(3);
  }

  @Test
  @DisplayName("forget nothing for an id that is there already")
  void again() {
    StoredIds ids = new StoredIds(2);
    ids.addAll(List.of("a", "b", "a", "b"));

    assertThat(ids.contains("a")).isTrue();
    assertThat(ids.contains("b")).isTrue();
  }
}
