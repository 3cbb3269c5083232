package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("conf.schema.json")
class ConfigSchemaTest {
  private final Validator validator =
      Validator.create(
          JsonSchema.of(new JsonObject(ConfigSchema.text())),
          new JsonSchemaOptions().setDraft(Draft.DRAFT7).setBaseUri("https://spillway.test"));

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.spillway.config.ExamplesTest#examples")
  @DisplayName("accepts every example that comes with the program")
  void examples(Path file) throws IOException {
    assertThat(isValid(Files.readString(file))).isTrue();
  }

  @Test
  @DisplayName("accepts the complete example")
  void complete() {
    assertThat(isValid(DesignExampleTest.EXAMPLE)).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "{'edge':{'mqtt':{'topic':'a'}}}",
        "{'edge':{'mqtt':{'qos':3}}}",
        "{'edge':{'mqtt':{'qos':'1'}}}",
        "{'edge':{'name':'a.b'}}",
        "{'edge':{'spool':{'whenFull':'drop'}}}",
        "{'server':{'journal':null}}",
        "{'server':{'tls':{}}}",
        "{'server':{'tokens':[{'name':'a'}]}}",
        "{'server':{'tokens':[{'name':'a','secret':{'text':'b'},'role':'live'}]}}",
        "{'iaq':{'co2':{'scoreLow':[1,2,3,4,5]}}}"
      })
  @DisplayName("refuses what the program would refuse")
  void refuses(String json) {
    assertThat(isValid(json.replace('\'', '"'))).isFalse();
  }

  private boolean isValid(String json) {
    return Boolean.TRUE.equals(validator.validate(new JsonObject(json)).getValid());
  }
}
