package io.spillway.server.status;

import io.spillway.bus.RoleState;
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

  private final Judge judge;
  private final List<EdgeStatus> all = new ArrayList<>();

  private RolesByEdge(Judge judge) {
    this.judge = judge;
  }

  /** The sick first. */
  static List<EdgeStatus> of(Map<String, RoleStatus> bus, Collection<EdgeLink> links, Judge judge) {
    RolesByEdge edgeStatuses = new RolesByEdge(judge);
    Set<String> claimed = new HashSet<>();
    links.forEach(link -> edgeStatuses.all.add(edgeStatuses.edgeStatus(link, bus, claimed)));
    List<RoleStatus> rest = new ArrayList<>();
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
  private EdgeStatus edgeStatus(EdgeLink link, Map<String, RoleStatus> bus, Set<String> claimed) {
    EdgeStatus edgeStatus = new EdgeStatus(link.edge, link, judge);
    link.roles()
        .forEach(
            (key, role) -> {
              RoleStatus heard = bus.get(key);
              edgeStatus.add(heard == null ? role : heard, heard != null);
              claimed.add(key);
            });
    return edgeStatus;
  }

  private void addOnBus(List<RoleStatus> roles) {
    Map<String, EdgeStatus> byName = new HashMap<>();
    all.stream()
        .filter(edgeStatus -> !edgeStatus.isRemote())
        .forEach(edgeStatus -> byName.put(edgeStatus.edge(), edgeStatus));
    Spools spools = Spools.of(roles);
    for (RoleStatus role : roles) {
      EdgeStatus edgeStatus =
          byName.computeIfAbsent(
              spools.edgeOf(role.state()),
              name -> {
                EdgeStatus fresh = new EdgeStatus(name, null, judge);
                all.add(fresh);
                return fresh;
              });
      edgeStatus.add(role, true);
    }
  }

  /** An edge is called as its spool: the one in the same process, of that name, or the only one. */
  private record Spools(Map<String, String> byProcess, Set<String> names) {
    static Spools of(List<RoleStatus> roles) {
      Spools spools = new Spools(new HashMap<>(), new HashSet<>());
      for (RoleStatus role : roles) {
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
