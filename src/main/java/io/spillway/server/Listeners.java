package io.spillway.server;

import io.spillway.net.Loopback;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import java.net.BindException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The server's one port, on every address that its host means: an HTTP server for each. */
final class Listeners {
  /** How often a free port is looked for that is free on every address. */
  private static final int TRIES = 10;

  private static final String TAKEN =
      "; stop what listens there, or set server.port (WS_PORT, PORT) to a free port";
  private static final String OWN =
      "; set server.host to an address of this machine, or to 0.0.0.0 for all of them";
  private static final String PRIVILEGED =
      "; set server.port (WS_PORT, PORT) to one from 1024 on, or give this process the right to it"
          + " (CAP_NET_BIND_SERVICE)";

  private final Supplier<HttpServer> maker;
  private final List<HttpServer> open = new ArrayList<>();

  /**
   * @param maker makes a server with all its handlers, not listening yet
   */
  Listeners(Supplier<HttpServer> maker) {
    this.maker = maker;
  }

  /**
   * Listens.
   *
   * @param port 0: any that is free on all addresses
   * @return the port; if it fails, nothing is open
   */
  Future<Integer> listen(String host, int port) {
    return listen(Loopback.addresses(host), port, port == 0 ? TRIES : 1);
  }

  private Future<Integer> listen(List<String> addresses, int port, int tries) {
    Future<Integer> bound = Future.succeededFuture(port);
    for (String address : addresses) {
      bound = bound.compose(same -> bind(address, same));
    }
    return bound.recover(
        error ->
            close()
                .transform(
                    closed ->
                        tries > 1 && error instanceof BindException
                            ? listen(addresses, port, tries - 1)
                            : Future.failedFuture(error)));
  }

  private Future<Integer> bind(String address, int port) {
    return maker
        .get()
        .listen(port, address)
        .onSuccess(open::add)
        .map(HttpServer::actualPort)
        .recover(error -> Future.failedFuture(explained(error, address, port)));
  }

  /** The same error with what to do about it. */
  static Throwable explained(Throwable error, String address, int port) {
    String words = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
    String cannot = "cannot listen on " + authority(address, port) + ": ";
    if (error instanceof UnknownHostException) {
      return explained("server.host: " + cannot + "no address is known for that name" + OWN, error);
    }
    if (words.contains("cannot assign") || words.contains("can't assign")) {
      return explained("server.host: " + cannot + "this machine has no such address" + OWN, error);
    }
    if (error instanceof SocketException && words.contains("permission denied")) {
      return explained("server.port: " + cannot + "permission denied" + PRIVILEGED, error);
    }
    return error instanceof BindException
        ? explained("server.port: " + cannot + error.getMessage() + TAKEN, error)
        : error;
  }

  private static BindException explained(String words, Throwable error) {
    BindException explained = new BindException(words);
    explained.initCause(error);
    return explained;
  }

  /** {@code host:port}, as in a URL. */
  static String authority(String host, int port) {
    return (host.contains(":") ? '[' + host + ']' : host) + ':' + port;
  }

  Future<?> close() {
    List<HttpServer> all = List.copyOf(open);
    open.clear();
    return Future.join(all.stream().map(HttpServer::close).toList());
  }
}
