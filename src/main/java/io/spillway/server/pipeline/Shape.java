package io.spillway.server.pipeline;

import io.spillway.bus.RoleState;
import java.util.Map;

/**
 * Which counters of a role say what of its stage; null where it has no such thing.
 *
 * @param stage what the picture calls it
 * @param in what comes
 * @param out what goes; null: what the role has done
 * @param queued records that wait; null: what the role has to do
 * @param bytes that wait
 * @param bytesMax most bytes that may wait
 */
record Shape(String stage, String in, String out, String queued, String bytes, String bytesMax) {
  private static final Map<String, Shape> BY_ROLE =
      Map.of(
          "source", new Shape("source", "messages", "messages", null, null, null),
          "batcher",
              new Shape(
                  "spool", "received", "acknowledged", "queued", "spoolBytes", "spoolBytesMax"),
          "uplink", new Shape("uplink", null, null, null, null, null),
          "store", new Shape("journal", null, "stored", null, "pendingBytes", null),
          "live", new Shape("live", null, "deliveries", null, null, null),
          "iaq", new Shape("iaq", null, null, null, null, null),
          "rabbit", new Shape("rabbit", "messages", "records", null, "heldBytes", null),
          "postgres", new Shape("sink", null, "written", null, null, null),
          "influx", new Shape("sink", null, "written", null, null, null));

  /** Of a role; null if it is no stage of the way. */
  static Shape of(String role) {
    return BY_ROLE.get(role);
  }

  long in(RoleState state) {
    return in == null ? 0 : state.counters().getOrDefault(in, 0L);
  }

  long queued(RoleState state) {
    return queued == null ? state.waiting() : state.counters().getOrDefault(queued, 0L);
  }

  long out(RoleState state) {
    return out == null ? state.done() : state.counters().getOrDefault(out, 0L);
  }
}
