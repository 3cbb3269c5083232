package io.spillway.server.part;

import io.spillway.config.ServerConfig;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.util.List;

/**
 * One thing that the server does at its port, with one entry class. The server has one list of its
 * parts and asks them in its order; parts do not know each other. All on the server's event loop.
 */
public interface Part {
  /**
   * Begins, and adds its routes. What is none of its own it leaves to the parts that follow.
   *
   * @return succeeds when it can serve; if it fails, the server does not start
   */
  Future<?> mount(Router router);

  /**
   * Takes a request that asks for an upgrade (RFC 6455 section 4.2): makes a WebSocket of it, or
   * refuses it.
   *
   * @return false if it is none of its own: then the next part is asked
   */
  default boolean upgrade(HttpServerRequest request) {
    return false;
  }

  /** The subprotocols of its WebSockets, the most wanted first. */
  default List<String> subprotocols() {
    return List.of();
  }

  /**
   * Settings have changed that may change while it runs. Who may come in has changed already: it
   * closes the connections that would not be let in again.
   */
  default void reload(ServerConfig fresh) {}

  /** Closes its connections; succeeds when they are gone, or soon. Nobody new comes any more. */
  default Future<?> close() {
    return Future.succeededFuture();
  }
}
