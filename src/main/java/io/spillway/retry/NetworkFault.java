package io.spillway.retry;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.vertx.core.VertxException;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.http.HttpClosedException;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Why a connection did not come about, in words, and which key to look at. */
public final class NetworkFault {
  /** Of a WebSocket that was to be. */
  private static final String HANDSHAKE_CUT = "Connection closed while handshake in process";

  private NetworkFault() {}

  /**
   * One line for the log, and its kind.
   *
   * @param address {@code host:port}
   * @param refusedHint what to think of when the connection is refused
   * @param urlKey the key with the address
   * @param caKey the key with the authority to trust
   */
  public static Fault explain(
      Throwable error, String address, String refusedHint, String urlKey, String caKey) {
    if (find(error, ConnectTimeoutException.class) != null) { // a ConnectException, too
      return new Fault(
          FaultKind.TIMEOUT, "no answer from " + address + "; is it reachable? check " + urlKey);
    }
    if (find(error, ConnectException.class) != null) {
      return new Fault(FaultKind.REFUSED, "connection refused by " + address + refusedHint);
    }
    if (find(error, UnknownHostException.class) != null) {
      String host = address.substring(0, address.lastIndexOf(':'));
      return new Fault(
          FaultKind.UNKNOWN_HOST, "no address is known for " + host + "; check " + urlKey);
    }
    Throwable tls = find(error, SSLException.class);
    if (tls != null && isNoTls(tls)) { // which quotes what came instead, and that is the peer's
      return new Fault(FaultKind.TLS, address + " does not speak TLS; check " + urlKey);
    }
    if (tls != null) {
      return TlsFault.of(root(tls), address, urlKey, caKey);
    }
    if (isNoRoute(error)) {
      return new Fault(
          FaultKind.CUT, "no route to " + address + "; is the network up? check " + urlKey);
    }
    if (isCut(error) || HANDSHAKE_CUT.equals(error.getMessage())) {
      return new Fault(
          FaultKind.CUT, address + " closed the connection before it answered; check " + urlKey);
    }
    return of(error).as(address + ": " + root(error).getMessage());
  }

  /** The fault of a connection that failed, by the type of the error and in its words. */
  public static Fault of(Throwable error) {
    if (find(error, Fault.Failure.class) instanceof Fault.Failure known) {
      return known.fault();
    }
    FaultKind kind = FaultKind.OTHER;
    if (find(error, TimeoutException.class) != null) {
      kind = FaultKind.TIMEOUT;
    } else if (find(error, SSLException.class) != null) {
      kind = FaultKind.TLS;
    } else if (error instanceof ReplyException) {
      return BusFailure.fault(error);
    } else if (isCut(error)) {
      kind = FaultKind.CUT;
    }
    return new Fault(kind, String.valueOf(error.getMessage()));
  }

  private static boolean isNoTls(Throwable error) {
    return find(error, NotSslRecordException.class) != null
        || "Unsupported or unrecognized SSL message".equals(root(error).getMessage());
  }

  private static boolean isNoRoute(Throwable error) {
    return find(error, NoRouteToHostException.class) != null
        || (find(error, SocketException.class) instanceof SocketException fault
            && String.valueOf(fault.getMessage()).startsWith("Network is unreachable"));
  }

  // Of Vert.x the type itself says "closed"; an error with any other text is of a subclass.
  private static boolean isCut(Throwable error) {
    return find(error, SocketException.class) != null
        || find(error, ClosedChannelException.class) != null
        || find(error, EOFException.class) != null
        || error instanceof HttpClosedException
        || error.getClass() == VertxException.class;
  }

  private static Throwable find(Throwable error, Class<? extends Throwable> type) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return at;
      }
    }
    return null;
  }

  private static Throwable root(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
