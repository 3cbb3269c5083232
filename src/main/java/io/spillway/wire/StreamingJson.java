package io.spillway.wire;

import io.vertx.core.json.jackson.JacksonCodec;
import io.vertx.core.spi.JsonFactory;
import io.vertx.core.spi.json.JsonCodec;

/**
 * Keeps Vert.x at the codec that needs nothing but jackson-core. Left to itself it takes the one on
 * Databind as soon as that is on the class path, where it is for the configuration only: 6.7 MB
 * more for the same JSON. Found by {@link java.util.ServiceLoader}.
 */
public final class StreamingJson implements JsonFactory {
  private static final JsonCodec CODEC = new JacksonCodec();

  @Override
  public int order() {
    return 0; // before the default of every other
  }

  @Override
  public JsonCodec codec() {
    return CODEC;
  }
}
