package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The configuration file")
class ConfFileTest {
  @TempDir Path dir;

  @Test
  @DisplayName("that is not there is refused by name")
  void missing() {
    assertThat(new Setup(dir).confFile("none.json").refusal())
        .contains("none.json: no such file")
        .endsWith(
            "to make one: java -jar bridge-fat.jar sample-config > " + dir.resolve("none.json"));
  }

  @Test
  @DisplayName("that is not there is made where it was looked for")
  void missingElsewhere() {
    assertThat(new Setup(dir).confFile("a/none.json").refusal())
        .endsWith("sample-config > " + dir.resolve("a/none.json"));
  }

  @Test
  @DisplayName("without a name is refused as that")
  void noName() {
    assertThat(new Setup(dir).confFile("").refusal())
        .isEqualTo("-conf: is empty; allowed: a JSON file");
  }

  @Test
  @DisplayName("that is UTF-16 without a mark is refused as no UTF-8")
  void utf16() throws IOException {
    Files.write(dir.resolve("conf.json"), "{}".getBytes(StandardCharsets.UTF_16LE));

    assertThat(new Setup(dir).confFile("conf.json").refusal()).contains("conf.json: is not UTF-8");
  }

  @Test
  @DisplayName("that is a directory is refused by name")
  void directory() throws IOException {
    Files.createDirectory(dir.resolve("conf"));

    assertThat(new Setup(dir).confFile("conf").refusal()).contains("conf: is a directory");
  }

  @Test
  @DisplayName("over 1 MiB is refused before it is read")
  void tooLarge() {
    assertThat(new Setup(dir).conf(" ".repeat(1 << 20) + "{}").refusal())
        .isEqualTo(dir.resolve("conf.json") + ": is 1048578 bytes long; allowed: up to 1048576");
  }

  @Test
  @DisplayName("that is no regular file is refused before it is read")
  void device() {
    assertThat(new Setup(dir).confFile("/dev/zero").refusal())
        .isEqualTo("/dev/zero: is no regular file; allowed: a text file");
  }

  @Test
  @DisplayName("that is not UTF-8 is refused by name")
  void notText() throws IOException {
    Files.write(dir.resolve("conf.json"), new byte[] {'{', '"', (byte) 0xE9, '"'});

    assertThat(new Setup(dir).confFile("conf.json").refusal()).contains("conf.json: is not UTF-8");
  }

  @ParameterizedTest(name = "{index}: {0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      textBlock =
          """
          {|  'edge': {|  oops| }} ~ conf.json:3:
          {|'edge': {} ~ conf.json:
          {} {} ~ conf.json:1:4: broken JSON: something follows
          {'edge':{},'edge':{}} ~ conf.json:1:
          "" ~ conf.json: is empty
          [] ~ conf.json: the top level is not an object
          null ~ conf.json: the top level is not an object
          7 ~ conf.json: the top level is not an object
          """)
  @DisplayName("that is broken is refused with line and column")
  void broken(String json, String message) {
    assertThat(new Setup(dir).conf(json.replace('|', '\n')).refusal()).contains(message);
  }

  @Test
  @DisplayName("may start with a byte order mark")
  void byteOrderMark() throws ConfigException {
    assertThat(new Setup(dir).conf("\uFEFF{'broker':{}}").config().broker()).isNotNull();
  }

  @Test
  @DisplayName("may name the schema that editors check it by")
  void schema() throws ConfigException {
    assertThat(new Setup(dir).conf("{'$schema':'conf.schema.json','broker':{}}").config().broker())
        .isNotNull();
  }

  @Test
  @DisplayName("is read anew each time, so that a change shows")
  void reload() throws ConfigException {
    Setup setup = new Setup(dir).conf("{'broker':{'port':1}}");
    Config before = setup.config();

    assertThat(setup.config()).isEqualTo(before);
    assertThat(setup.conf("{'broker':{'port':2}}").config()).isNotEqualTo(before);
  }
}
