package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A file of authorities")
class PemFileTest {
  @TempDir Path dir;

  @Test
  @DisplayName("has a certificate, or several, and any text around them")
  void certificates() throws ConfigException {
    String bare = Setup.CERTIFICATE.strip();
    for (String text :
        List.of(
            bare,
            Setup.CERTIFICATE + Setup.CERTIFICATE,
            bare.replace("\n", "\r\n"),
            "# an authority - ours, the h\u00e9ad\n" + bare + "\n-- \nThe end-----")) {
      assertThat(setup("'edge':{'mqtt':{'caFile':'ca.pem'}}", text).config().edge().mqtt().caFile())
          .isEqualTo(dir.resolve("ca.pem"));
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "edge.mqtt",
        "edge.uplink",
        "server.mqtt",
        "rabbitmq",
        "sinks.influx",
        "sinks.postgres"
      })
  @DisplayName("that is none is refused with the key, wherever one is named")
  void noCertificate(String section) {
    Setup setup =
        new Setup(dir).file("ca.json", "{}").conf(Setup.with(section + ".caFile", "ca.json"));

    assertThat(setup.refusal())
        .isEqualTo(
            section
                + ".caFile (conf.json): is "
                + dir.resolve("ca.json")
                + ", without a certificate; allowed: a PEM file, with certificates between"
                + " -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----");
  }

  @Test
  @DisplayName("with a damaged certificate is refused, and says which one it is")
  void damaged() {
    String unclosed = Setup.CERTIFICATE.replace("-----END CERTIFICATE-----", "");
    String changed = Setup.CERTIFICATE.replaceFirst("MII", "AAA");

    for (String second : List.of(unclosed, changed)) {
      assertThat(
              setup("'edge':{'uplink':{'caFile':'ca.pem'}}", Setup.CERTIFICATE + second).refusal())
          .isEqualTo(
              "edge.uplink.caFile (conf.json): is "
                  + dir.resolve("ca.pem")
                  + ", whose certificate 2 cannot be understood; allowed: a readable PEM file");
    }
  }

  private Setup setup(String conf, String pem) {
    return new Setup(dir).file("ca.pem", pem).conf("{" + conf + "}");
  }
}
