package io.spillway.server.status;

import io.spillway.bus.RoleState;
import java.util.Map;

/**
 * Which counters of a role say what of its stage; null where it has no such thing.
 *
 * @param stage what the picture calls it; empty if it is none
 * @param in what comes
 * @param out what goes; null: what the role has done
 * @param queued records that wait; null: what the role has to do
 * @param bytes that wait
 * @param bytesMax most bytes that may wait
 */
record StageCounters(
    String stage, String in, String out, String queued, String bytes, String bytesMax) {
  private static final Map<String, StageCounters> BY_ROLE =
      Map.of(
          "source", new StageCounters("source", "messages", "messages", null, null, null),
          "batcher",
              new StageCounters(
                  "spool", "received", "acknowledged", "queued", "spoolBytes", "spoolBytesMax"),
          "uplink", new StageCounters("uplink", null, null, null, null, null),
          "store", new StageCounters("journal", null, "stored", null, "pendingBytes", null),
          "live", new StageCounters("live", null, "deliveries", null, null, null),
          "iaq", new StageCounters("iaq", null, null, null, null, null),
          "rabbit", new StageCounters("rabbit", "messages", "records", null, "heldBytes", null),
          "postgres", new StageCounters("sink", null, "written", null, null, null),
          "influx", new StageCounters("sink", null, "written", null, null, null));

  /** Of a role that is no stage of the way. */
  private static final StageCounters NO_STAGE = new StageCounters("", null, null, null, null, null);

  static StageCounters of(String role) {
    return BY_ROLE.getOrDefault(role, NO_STAGE);
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
