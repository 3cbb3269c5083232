package io.spillway.server.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.server.part.JsonBody;
import io.vertx.core.buffer.Buffer;

/** JsonBodies as their readers see them. */
final class JsonBodies {
  private JsonBodies() {}

  /** All pieces, which are as long as was said. */
  static String text(JsonBody body) {
    Buffer all = Buffer.buffer();
    body.pieces().forEachRemaining(all::appendBuffer);
    assertThat(all.length()).isEqualTo(body.bytes());
    return all.toString();
  }
}
