package io.spillway.server.part;

import io.vertx.core.buffer.Buffer;
import java.util.Iterator;
import java.util.List;

/**
 * JSON for a reader, in pieces: each is let go of when the socket has taken it.
 *
 * @param bytes of all pieces together
 * @param pieces made one by one, as they are asked for
 */
public record JsonBody(long bytes, Iterator<Buffer> pieces) {
  /** In one piece. */
  public static JsonBody of(Buffer json) {
    return new JsonBody(json.length(), List.of(json).iterator());
  }
}
