package io.spillway.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a broker says in $SYS")
class SysTopicsTest {
  private static final String UPTIME = "$SYS/broker/uptime";
  private static final String VERSION = "$SYS/broker/version";

  private final SysTopics topics = new SysTopics();

  @Test
  @DisplayName("is believed of a Mosquitto, in any order")
  void mosquitto() {
    say(UPTIME, "12 seconds", true);
    say(VERSION, "mosquitto version 2.0.18", true);
    assertThat(topics.upMs()).isEqualTo(12_000);
    assertThat(topics.isMosquitto()).isTrue();
  }

  @Test
  @DisplayName("is no uptime without the version of a Mosquitto")
  void uptimeAlone() {
    say(UPTIME, "12 seconds", true);
    assertThat(topics.upMs()).isNegative();
    say(VERSION, "another 1.0", true);
    assertThat(topics.upMs()).isNegative();
    assertThat(topics.isMosquitto()).isFalse();
  }

  @Test
  @DisplayName("is not believed where it was not retained: anybody may have published it just now")
  void notRetained() {
    say(VERSION, "mosquitto version 2.0.18", false);
    assertThat(topics.isMosquitto()).isFalse();
    say(VERSION, "mosquitto version 2.0.18", true);
    say(UPTIME, "12 seconds", false);
    assertThat(topics.upMs()).isNegative();
    say(UPTIME, "12 seconds", true);
    say(UPTIME, "99999 seconds", false);
    assertThat(topics.upMs()).isEqualTo(12_000);
  }

  private void say(String topic, String text, boolean retained) {
    byte[] payload = text.getBytes(UTF_8);
    topics.received(new Received(topic, payload, payload.length, 0, 0, false, retained, null, 0));
  }
}
