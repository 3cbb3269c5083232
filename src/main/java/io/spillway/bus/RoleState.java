package io.spillway.bus;

import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * How a role is, once a second.
 *
 * @param role for example {@code uplink}
 * @param instance which one of several, for example the name of the edge
 * @param process where it runs: the same text for all roles of one process
 * @param fault why it does not work; {@link Fault#NONE} while it does
 * @param waiting how much it has to do now, in its own unit; 0 while it is idle
 * @param done how much of that it has finished since it started; only grows
 * @param counters what it has done and what waits, by metric name
 * @param lastFault what is wrong, or was, and when
 */
public record RoleState(
    String role,
    String instance,
    String process,
    Fault fault,
    long waiting,
    long done,
    Map<String, Long> counters,
    LastFault lastFault) {
  private static final String HERE = UUID.randomUUID().toString();

  /** Of a role in this process. */
  public RoleState(
      String role,
      String instance,
      Fault fault,
      long waiting,
      long done,
      Map<String, Long> counters) {
    this(role, instance, HERE, fault, waiting, done, counters, LastFault.NONE);
  }

  /** The same, with what was wrong before. */
  public RoleState remembering(LastFault last) {
    return new RoleState(role, instance, process, fault, waiting, done, counters, last);
  }

  /** Whether the role runs in this process. */
  public boolean isHere() {
    return process.equals(HERE);
  }

  void encode(WireWriter out) {
    out.text(role)
        .text(instance)
        .text(process)
        .text(fault.words())
        .number(waiting)
        .number(done)
        .each(counters.entrySet(), e -> out.text(e.getKey()).number(e.getValue()));
    lastFault.encode(out);
    out.text(fault.kind().text()).text(lastFault.fault().kind().text()); // since 0.2
  }

  static RoleState decode(WireReader in) {
    String role = in.text();
    String instance = in.text();
    String process = in.text();
    String fault = in.text();
    long waiting = in.number();
    long done = in.number();
    Map<String, Long> counters = new TreeMap<>();
    in.list(() -> counters.put(in.text(), in.number()) == null);
    LastFault last = in.hasMore() ? LastFault.decode(in) : LastFault.NONE;
    String kind = in.hasMore() ? in.text() : null;
    String lastKind = in.hasMore() ? in.text() : null;
    return new RoleState(
        role,
        instance,
        process,
        Fault.told(kind, fault),
        waiting,
        done,
        counters,
        last.of(Fault.told(lastKind, last.fault().words())));
  }
}
