package io.spillway.source;

import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A fingerprint")
class FingerprintTest {
  private final Fingerprint fingerprint = new Fingerprint();

  @Test
  @DisplayName("is the same for the same packet id, topic and bytes, in any process")
  void same() {
    long first = fingerprint.of(7, "a/b", utf8("{}"));
    assertThat(fingerprint.of(7, "a/b", utf8("{}"))).isEqualTo(first);
    assertThat(new Fingerprint().of(7, "a/b", utf8("{}"))).isEqualTo(first);
  }

  @Test
  @DisplayName("differs if any of the three differs, or the border between topic and bytes")
  void different() {
    Set<Long> all = new HashSet<>();
    all.add(fingerprint.of(7, "a/b", utf8("{}")));
    all.add(fingerprint.of(8, "a/b", utf8("{}")));
    all.add(fingerprint.of(7 + 256, "a/b", utf8("{}")));
    all.add(fingerprint.of(7, "a/c", utf8("{}")));
    all.add(fingerprint.of(7, "a/b", utf8("{} ")));
    all.add(fingerprint.of(7, "a/b{", utf8("}")));
    all.add(fingerprint.of(7, "a/b", utf8("")));
    assertThat(all).hasSize(7);
  }

  @Test
  @DisplayName("is never 0, and does not repeat over all packet ids")
  void distinct() {
    Set<Long> all = new HashSet<>();
    for (int packetId = 0; packetId <= 65_535; packetId++) {
      all.add(fingerprint.of(packetId, "t", utf8("{\"n\":1}")));
    }
    assertThat(all).hasSize(65_536).doesNotContain(0L);
  }
}
