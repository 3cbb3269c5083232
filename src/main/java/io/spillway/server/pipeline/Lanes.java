package io.spillway.server.pipeline;

import io.spillway.bus.RoleState;
import io.spillway.server.pipeline.Lane.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which role belongs to which edge: the bus and the WebSockets may tell of the same one. */
final class Lanes {
  private static final Comparator<Lane> SICK_FIRST =
      Comparator.comparing(Lane::condition)
          .thenComparing(Lane::isUnbalanced)
          .thenComparingLong(Lane::queued)
          .reversed()
          .thenComparing(Lane::edge);

  private final Clock clock;
  private final List<Lane> all = new ArrayList<>();

  private Lanes(Clock clock) {
    this.clock = clock;
  }

  /** The sick first. */
  static List<Lane> of(Map<String, Tracked> bus, Collection<EdgeLink> links, Clock clock) {
    Lanes lanes = new Lanes(clock);
    Set<String> claimed = new HashSet<>();
    links.forEach(link -> lanes.all.add(lanes.lane(link, bus, claimed)));
    List<Tracked> rest = new ArrayList<>();
    bus.forEach(
        (key, role) -> {
          if (Lane.isOfEdge(role.state()) && !claimed.contains(key)) {
            rest.add(role);
          }
        });
    lanes.addOnBus(rest);
    lanes.all.sort(SICK_FIRST);
    return lanes.all;
  }

  /** What the bus tells is fresher than what came in a status. */
  private Lane lane(EdgeLink link, Map<String, Tracked> bus, Set<String> claimed) {
    Lane lane = new Lane(link.edge, link, clock);
    link.roles()
        .forEach(
            (key, role) -> {
              Tracked heard = bus.get(key);
              lane.add(heard == null ? role : heard, heard != null);
              claimed.add(key);
            });
    return lane;
  }

  private void addOnBus(List<Tracked> roles) {
    Map<String, Lane> byName = new HashMap<>();
    all.stream().filter(lane -> !lane.isRemote()).forEach(lane -> byName.put(lane.edge(), lane));
    Spools spools = Spools.of(roles);
    for (Tracked role : roles) {
      Lane lane =
          byName.computeIfAbsent(
              spools.edgeOf(role.state()),
              name -> {
                Lane fresh = new Lane(name, null, clock);
                all.add(fresh);
                return fresh;
              });
      lane.add(role, true);
    }
  }

  /** An edge is called as its spool: the one in the same process, of that name, or the only one. */
  private record Spools(Map<String, String> byProcess, Set<String> names) {
    static Spools of(List<Tracked> roles) {
      Spools spools = new Spools(new HashMap<>(), new HashSet<>());
      for (Tracked role : roles) {
        RoleState state = role.state();
        if (state.role().equals("batcher")) {
          spools.byProcess.putIfAbsent(state.process(), state.instance());
          spools.names.add(state.instance());
        }
      }
      return spools;
    }

    String edgeOf(RoleState role) {
      String here = byProcess.get(role.process());
      if (here != null) {
        return here;
      }
      String name = role.instance().replaceFirst("^spillway-", "");
      return names.size() == 1 ? names.iterator().next() : name;
    }
  }
}
