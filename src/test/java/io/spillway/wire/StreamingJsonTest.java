package io.spillway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.jackson.JacksonCodec;
import io.vertx.core.spi.JsonFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The JSON codec of Vert.x")
class StreamingJsonTest {
  @Test
  @DisplayName("is the one on jackson-core, though Databind is on the class path")
  void streaming() {
    assertThat(JsonFactory.load()).isInstanceOf(StreamingJson.class);
    assertThat(Json.CODEC).isExactlyInstanceOf(JacksonCodec.class);
  }
}
