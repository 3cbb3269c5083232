package io.spillway.bench;

import io.spillway.kit.Http;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.locks.LockSupport;

/** What a server says of its roles in {@code /health}. */
final class BenchRoles {
  private static final long LIMIT_NANOS = 300_000_000_000L;

  private BenchRoles() {}

  /** The counters of one role; empty while it is not there. */
  static JsonObject of(Spillway server, String role) throws Exception {
    JsonObject health = new JsonObject(Http.get(server.httpUrl() + "/health").body());
    for (Object each : health.getJsonArray("roles")) {
      if (((JsonObject) each).getString("role").equals(role)) {
        return (JsonObject) each;
      }
    }
    return new JsonObject();
  }

  /** Waits until a counter of a role is so high. */
  static void await(Spillway server, String role, String counter, long wanted) throws Exception {
    long deadline = System.nanoTime() + LIMIT_NANOS;
    while (of(server, role).getLong(counter, 0L) < wanted) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(role + ": " + of(server, role) + ", not " + wanted);
      }
      LockSupport.parkNanos(100_000_000);
    }
  }
}
