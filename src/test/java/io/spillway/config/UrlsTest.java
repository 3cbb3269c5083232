package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An address")
class UrlsTest {
  @TempDir Path dir;

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "mqtt://h, h, 1883, false, mqtt://h:1883",
    "mqtt://h:7/, h, 7, false, mqtt://h:7",
    "tcp://h, h, 1883, false, mqtt://h:1883",
    "mqtts://h, h, 8883, true, mqtts://h:8883",
    "ssl://h:1, h, 1, true, mqtts://h:1",
    "mqtt://[::1]:5, ::1, 5, false, mqtt://[::1]:5"
  })
  @DisplayName("of a broker has scheme, host and port")
  void broker(String url, String host, int port, boolean tls, String plain) throws ConfigException {
    MqttConfig mqtt = mqtt(url).config().edge().mqtt();

    assertThat(mqtt.host()).isEqualTo(host);
    assertThat(mqtt.port()).isEqualTo(port);
    assertThat(mqtt.tls()).isEqualTo(tls);
    assertThat(mqtt.url()).isEqualTo(plain);
  }

  @Test
  @DisplayName("of a broker may carry user and password, which are taken out of it")
  void brokerUser() throws ConfigException {
    MqttConfig mqtt = mqtt("mqtt://us%40er:p+%2Fw:d@h").config().edge().mqtt();

    assertThat(mqtt.username()).isEqualTo("us@er");
    assertThat(mqtt.password().value()).isEqualTo("p+/w:d");
    assertThat(mqtt.url()).isEqualTo("mqtt://h:1883");
  }

  @Test
  @DisplayName("of a broker in a variable brings its user in place of the file's")
  void variableUser() throws ConfigException {
    MqttConfig mqtt =
        new Setup(dir)
            .conf("{'edge':{'mqtt':{'username':'a','password':'b'}}}")
            .env("BROKER_URL", "mqtt://c:d@h")
            .config()
            .edge()
            .mqtt();

    assertThat(mqtt.username()).isEqualTo("c");
    assertThat(mqtt.password()).isEqualTo(new Secret("d"));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "h:1883",
        "ws://h",
        "mqtt://",
        "mqtt://h/x",
        "mqtt://h?x=1",
        "mqtt://h:0",
        "mqtt://h:65536",
        "mqtt://h:x",
        "MQTT",
        "mqtt://h h",
        "mqtt:h"
      })
  @DisplayName("of a broker that cannot be one is refused")
  void badBroker(String url) {
    assertThat(mqtt(url).refusal())
        .startsWith("edge.mqtt.url (conf.json): is \"")
        .contains("allowed: mqtt://host:port");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "ws://h, ws://h/, h, 80, false",
    "wss://h/ws, wss://h/ws, h, 443, true",
    "ws://h:9/ws/?a=1, ws://h:9/ws/?a=1, h, 9, false",
    "wss://[::1]:9, wss://[::1]:9/, ::1, 9, true"
  })
  @DisplayName("of a server has a path and a port")
  void server(String url, String whole, String host, int port, boolean tls) throws ConfigException {
    UplinkConfig uplink = uplink(url).config().edge().uplink();

    assertThat(uplink.url()).hasToString(whole);
    assertThat(uplink.host()).isEqualTo(host);
    assertThat(uplink.port()).isEqualTo(port);
    assertThat(uplink.tls()).isEqualTo(tls);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {"h:3006", "http://h", "ws://", "ws://u@h", "ws://h#x", "ws://h:0", "ws://h:x"})
  @DisplayName("of a server that cannot be one is refused")
  void badServer(String url) {
    assertThat(uplink(url).refusal()).startsWith("edge.uplink.url (conf.json): is \"");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          mqtt://u:hid@den@h ~ write @ as %40, # as %23
          mqtt://u:hid#den@h ~ write @ as %40, # as %23
          mqtt://u:hid/den@h ~ write @ as %40, # as %23, / as %2F
          mqtt://u:1883#hid@h ~ write @ as %40, # as %23
          mqtt://::1:1883 ~ an IPv6 address goes in brackets, as in [::1]:1883
          mqtt://u:hid@fe80::1 ~ an IPv6 address goes in brackets
          """)
  @DisplayName("with what is most often wrong in it is refused with the cure")
  void cures(String url, String cure) {
    assertThat(mqtt(url).refusal()).contains(cure).doesNotContain("hid", "den");
  }

  @Test
  @DisplayName("of a server may carry the token, unless there is another")
  void serverToken() throws ConfigException {
    Setup setup = uplink("ws://h/x?a=1&token=from%2Burl-1");
    UplinkConfig uplink = setup.config().edge().uplink();
    assertThat(uplink.token().value()).isEqualTo("from+url-1");
    assertThat(uplink.url()).hasToString("ws://h/x?a=1");

    setup.env("INGEST_TOKEN", "long-enough");
    assertThat(setup.config().edge().uplink().token().value()).isEqualTo("long-enough");
    assertThat(setup.load().warnings())
        .containsExactly("edge.uplink.url: its ?token= differs from edge.uplink.token, unused");
  }

  @Test
  @DisplayName("of a server that nobody has set is known as such")
  void defaultUrl() throws ConfigException {
    assertThat(new Setup(dir).conf("{'edge':{}}").config().edge().uplink().defaultUrl()).isTrue();
    assertThat(uplink("ws://127.0.0.1:3006").config().edge().uplink().defaultUrl()).isTrue();
    assertThat(uplink("ws://127.0.0.1:3007").config().edge().uplink().defaultUrl()).isFalse();
    assertThat(uplink("ws://other:3006").config().edge().uplink().defaultUrl()).isFalse();
  }

  private Setup mqtt(String url) {
    return new Setup(dir).conf(Setup.with("edge.mqtt.url", url));
  }

  private Setup uplink(String url) {
    return new Setup(dir).conf(Setup.with("edge.uplink.url", url));
  }
}
