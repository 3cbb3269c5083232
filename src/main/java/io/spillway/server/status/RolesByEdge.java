package io.spillway.server.status;

import io.spillway.bus.RoleState;
import io.spillway.server.status.EdgeStatus.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which role belongs to which edge: the bus and the WebSockets may tell of the same one. */
final class RolesByEdge {
  private static final Comparator<EdgeStatus> SICK_FIRST =
      Comparator.comparing(EdgeStatus::condition)
          .thenComparing(EdgeStatus::isUnbalanced)
          .thenComparingLong(EdgeStatus::queued)
          .reversed()
          .thenComparing(EdgeStatus::edge);

  private final Clock clock;
  private final List<EdgeStatus> all = new ArrayList<>();

  private RolesByEdge(Clock clock) {
    this.clock = clock;
  }

  /** The sick first. */
  static List<EdgeStatus> of(
      Map<String, StageStatus> bus, Collection<EdgeLink> links, Clock clock) {
    RolesByEdge edgeStatuses = new RolesByEdge(clock);
    Set<String> claimed = new HashSet<>();
    links.forEach(link -> edgeStatuses.all.add(edgeStatuses.edgeStatus(link, bus, claimed)));
    List<StageStatus> rest = new ArrayList<>();
    bus.forEach(
        (key, role) -> {
          if (EdgeStatus.isOfEdge(role.state()) && !claimed.contains(key)) {
            rest.add(role);
          }
        });
    edgeStatuses.addOnBus(rest);
    edgeStatuses.all.sort(SICK_FIRST);
    return edgeStatuses.all;
  }

  /** What the bus tells is fresher than what came in a status. */
  private EdgeStatus edgeStatus(EdgeLink link, Map<String, StageStatus> bus, Set<String> claimed) {
    EdgeStatus edgeStatus = new EdgeStatus(link.edge, link, clock);
    link.roles()
        .forEach(
            (key, role) -> {
              StageStatus heard = bus.get(key);
              edgeStatus.add(heard == null ? role : heard, heard != null);
              claimed.add(key);
            });
    return edgeStatus;
  }

  private void addOnBus(List<StageStatus> roles) {
    Map<String, EdgeStatus> byName = new HashMap<>();
    all.stream()
        .filter(edgeStatus -> !edgeStatus.isRemote())
        .forEach(edgeStatus -> byName.put(edgeStatus.edge(), edgeStatus));
    Spools spools = Spools.of(roles);
    for (StageStatus role : roles) {
      EdgeStatus edgeStatus =
          byName.computeIfAbsent(
              spools.edgeOf(role.state()),
              name -> {
                EdgeStatus fresh = new EdgeStatus(name, null, clock);
                all.add(fresh);
                return fresh;
              });
      edgeStatus.add(role, true);
    }
  }

  /** An edge is called as its spool: the one in the same process, of that name, or the only one. */
  private record Spools(Map<String, String> byProcess, Set<String> names) {
    static Spools of(List<StageStatus> roles) {
      Spools spools = new Spools(new HashMap<>(), new HashSet<>());
      for (StageStatus role : roles) {
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
