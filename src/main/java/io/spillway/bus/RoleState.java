package io.spillway.bus;

import java.util.Map;
import java.util.TreeMap;

/**
 * How a role is, once a second.
 *
 * @param role for example {@code uplink}
 * @param instance which one of several, for example the name of the edge
 * @param fault why it does not work, in words; empty while it does
 * @param counters what it has done and what waits, by metric name
 */
public record RoleState(String role, String instance, String fault, Map<String, Long> counters) {

  void encode(WireWriter out) {
    out.text(role)
        .text(instance)
        .text(fault)
        .each(counters.entrySet(), e -> out.text(e.getKey()).number(e.getValue()));
  }

  static RoleState decode(WireReader in) {
    String role = in.text();
    String instance = in.text();
    String fault = in.text();
    Map<String, Long> counters = new TreeMap<>();
    in.list(() -> counters.put(in.text(), in.number()) == null);
    return new RoleState(role, instance, fault, counters);
  }
}
