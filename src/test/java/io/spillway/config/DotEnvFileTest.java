package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The .env file")
class DotEnvFileTest {
  @TempDir Path dir;

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "TOPIC=\"pws-packet/#\"",
        "TOPIC='pws-packet/#'",
        " TOPIC = \"pws-packet/#\" ",
        "TOPIC=\"pws-packet/#\" # all of them",
        "TOPIC='pws-packet/#' # all of them",
        "TOPIC=\"pws-packet/#\"\r"
      })
  @DisplayName("has its quotes honoured")
  void quotes(String line) throws ConfigException {
    Loaded loaded = new Setup(dir).dotEnv("# a comment", "", line).load();

    assertThat(loaded.config().edge().mqtt().topics()).containsExactly("pws-packet/#");
    assertThat(loaded.warnings()).isEmpty();
  }

  @Test
  @DisplayName("with an unquoted # that cuts the topic short is reported with line and cure")
  void cut() throws ConfigException {
    Loaded loaded = new Setup(dir).dotEnv("WS_HOST=ws://h", "TOPIC=pws-packet/#").load();

    assertThat(loaded.config().edge().mqtt().topics()).containsExactly("pws-packet/");
    assertThat(loaded.warnings())
        .containsExactly(
            "TOPIC in .env line 2 was cut short at an unquoted #; put the value in quotes:"
                + " TOPIC=\"…#…\"",
            "TOPIC in .env ends in \"/\", so it matches nothing below it; if a # was lost, put the"
                + " value in quotes: TOPIC=\"pws-packet/#\"");
  }

  @Test
  @DisplayName("is reported even when the # leaves nothing of the value")
  void cutToNothing() throws ConfigException {
    List<String> warnings = new Setup(dir).dotEnv("WS_HOST=ws://h", "TOPIC=#").load().warnings();

    assertThat(warnings).singleElement().asString().startsWith("TOPIC in .env line 2 was cut");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"mqtt://bob:hidden#1@h:1", "mqtt://bob:1234#hidden@h", "hidden://#"})
  @DisplayName("with an address cut short is refused, without showing what may be of a password")
  void cutAddress(String url) {
    assertThat(new Setup(dir).dotEnv("TOPIC=t", "BROKER_URL=" + url).refusal())
        .isEqualTo(
            "edge.mqtt.url: BROKER_URL in .env line 2 was cut short at an unquoted #; put the value"
                + " in quotes: BROKER_URL=\"…#…\"");
  }

  @Test
  @DisplayName("with a token cut short is reported without showing the token")
  void cutToken() throws ConfigException {
    Loaded loaded = new Setup(dir).dotEnv("WS_HOST=ws://h", "INGEST_TOKEN=s3cret-abc#def").load();

    assertThat(loaded.warnings()).singleElement().asString().startsWith("INGEST_TOKEN in .env");
    assertThat(loaded.toString()).doesNotContain("s3cret");
  }

  @Test
  @DisplayName("is not reported for a cut value that the environment overrides")
  void overridden() throws ConfigException {
    assertThat(new Setup(dir).dotEnv("TOPIC=a/#").env("TOPIC", "a/#").load().warnings()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"hidden-token", "=hidden-token", "A B=hidden-token"})
  @DisplayName("with a malformed line is refused with file and line, and without its text")
  void malformed(String line) {
    assertThat(new Setup(dir).dotEnv("TOPIC=a", line).refusal())
        .isEqualTo(dir.resolve(".env") + ":2: is not NAME=value");
  }

  @Test
  @DisplayName("with export, an open quote or a byte order mark says so")
  void specialCases() {
    assertThat(new Setup(dir).dotEnv("export TOPIC=a").refusal())
        .endsWith(".env:1: starts with \"export\"; remove that word, and leave NAME=value");
    assertThat(new Setup(dir).dotEnv("A=b", "TOPIC=\"a", "B=c").refusal())
        .endsWith(".env:2: the quote is never closed");
    assertThat(new Setup(dir).dotEnv("\uFEFFTOPIC=a").refusal())
        .endsWith(".env:1: starts with a byte order mark; save the file as UTF-8 without BOM");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "T=\"hidden\"xyz",
        "T=\"70\"70",
        "T='hidden'xyz",
        "T=\"a\\\"hidden\"",
        "T=\"a\" b # c"
      })
  @DisplayName("with text behind the closing quote is refused, or the line would be dropped")
  void behindQuote(String line) {
    assertThat(new Setup(dir).dotEnv("TOPIC=a", "", line).refusal())
        .isEqualTo(
            dir.resolve(".env")
                + ":3: text behind the closing quote; remove it, or put # in front of a comment");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"1BAD=hidden", "WS-PORT=hidden"})
  @DisplayName("with a name no shell takes is refused")
  void badName(String line) {
    assertThat(new Setup(dir).dotEnv(line).refusal())
        .isEqualTo(
            dir.resolve(".env") + ":1: a name is of A-Z a-z 0-9 _ and does not begin with a digit");
  }

  @Test
  @DisplayName("with a name given twice is refused, or one of them would win silently")
  void twice() {
    assertThat(new Setup(dir).dotEnv("T=hidden", "", "T=other").refusal())
        .isEqualTo(dir.resolve(".env") + ":3: this name a second time, first in line 1; keep one");
  }

  @Test
  @DisplayName("with a single quote that is never closed is refused")
  void openSingleQuote() {
    assertThat(new Setup(dir).dotEnv("T='hidden").refusal())
        .isEqualTo(dir.resolve(".env") + ":1: the quote is never closed");
  }

  @Test
  @DisplayName("may hold values of several lines for other programs")
  void severalLines() throws ConfigException {
    Config config = new Setup(dir).dotEnv("KEY=\"one", "two\"", "TOPIC=a").config();

    assertThat(config.edge().mqtt().topics()).containsExactly("a");
  }

  @Test
  @DisplayName("that is a directory is refused")
  void directory() throws IOException {
    Files.createDirectory(dir.resolve(".env"));

    assertThat(new Setup(dir).refusal()).contains(".env: is a directory");
  }
}
