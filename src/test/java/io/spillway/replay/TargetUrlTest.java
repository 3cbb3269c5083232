package io.spillway.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The address of a target")
class TargetUrlTest {
  @ParameterizedTest
  @CsvSource({
    "ws://host,host,80,false,/",
    "ws://127.0.0.1:3006/ws,127.0.0.1,3006,false,/ws",
    "wss://[::1]/ws?a=b,::1,443,true,/ws?a=b"
  })
  @DisplayName("is that of a server")
  void server(String text, String host, int port, boolean tls, String path) {
    TargetUrl url = TargetUrl.server(text);
    assertThat(url.host()).isEqualTo(host);
    assertThat(url.port()).isEqualTo(port);
    assertThat(url.tls()).isEqualTo(tls);
    assertThat(url.path()).isEqualTo(path);
    assertThat(url.plain()).doesNotContain("?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://host",
        "host:3006",
        "ws://",
        "ws://host:0",
        "ws://host#hidden",
        "ws:// hidden",
        "ws://user:hidden@host",
        "ws://host/ws?token=hidden",
        "ws://host/ws?a=b&token=hidden"
      })
  @DisplayName("is refused in words that repeat none of it, for a token may be in it")
  void noServer(String text) {
    assertThatThrownBy(() -> TargetUrl.server(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("hidden");
  }

  @Test
  @DisplayName("is that of a broker, with who connects")
  void broker() {
    TargetUrl url = TargetUrl.broker("mqtts://me:a%40b+c@host");
    assertThat(url.user()).isEqualTo("me");
    assertThat(url.password()).isEqualTo("a@b+c");
    assertThat(url.port()).isEqualTo(8883);
    assertThat(url.plain()).isEqualTo("mqtts://host:8883");
    assertThat(url).hasToString("mqtts://host:8883");
    assertThat(TargetUrl.broker("mqtt://me@[::1]").password()).isNull();
    assertThatThrownBy(() -> TargetUrl.broker("mqtt://host/hidden"))
        .message()
        .doesNotContain("hidden");
  }
}
