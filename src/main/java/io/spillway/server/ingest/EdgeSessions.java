package io.spillway.server.ingest;

import io.spillway.retry.RateLimitedLogs;
import io.spillway.server.part.EdgeObserver;
import io.spillway.wire.CloseCode;
import io.spillway.wire.WireMessage.Hello;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The edges that are connected. Of two connections with the same edge and epoch the newer wins; two
 * edges with one name and different epochs are both served, and reported.
 */
final class EdgeSessions {
  private static final Logger log = LoggerFactory.getLogger(EdgeSessions.class);

  private final Map<String, Map<String, EdgeSession>> epochsByEdge = new HashMap<>();

  private final EdgeObserver edges;
  private final RateLimitedLogs strangers = new RateLimitedLogs(log);

  EdgeSessions(EdgeObserver edges) {
    this.edges = edges;
  }

  /** An edge said hello. */
  EdgeObserver.Link enter(EdgeSession session) {
    Hello hello = session.hello();
    Map<String, EdgeSession> epochs =
        epochsByEdge.computeIfAbsent(hello.edge(), e -> new HashMap<>());
    EdgeSession older = epochs.put(hello.epoch(), session);
    if (older != null) {
      older.close(CloseCode.GAP, "a newer connection of " + hello.edge() + " has taken over");
    } else if (epochs.size() > 1) {
      log.warn(
          "[server] {} edges are called {}: epochs {}. All are served; give each its own edge.name",
          epochs.size(),
          hello.edge(),
          epochs.keySet());
    }
    log.info("[server] edge {}.{} connected, from {}", hello.edge(), hello.epoch(), hello.first());
    return edges.connected(hello.edge(), hello.epoch());
  }

  /** Somebody may not be the edge that he says he is. */
  void forbidden(String edge, String why) {
    strangers.warn(
        edge, "[server] somebody who says to be edge " + edge + " is not let in: " + why);
  }

  /** Its connection ended, with this code and reason if it was closed. */
  void leave(EdgeSession session, Short code, String reason) {
    Hello hello = session.hello();
    if (session.link() == null) {
      return;
    }
    Map<String, EdgeSession> epochs = epochsByEdge.get(hello.edge());
    if (epochs != null && epochs.remove(hello.epoch(), session)) {
      log.info("[server] edge {}.{} disconnected", hello.edge(), hello.epoch());
      session.link().left(code, reason);
      if (epochs.isEmpty()) {
        epochsByEdge.remove(hello.edge());
      }
    }
  }

  /** How many edges are connected. */
  int size() {
    return epochsByEdge.values().stream().mapToInt(Map::size).sum();
  }
}
