package io.spillway.retry;

import java.net.ConnectException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Why a connection did not come about, in words, and which key to look at. */
public final class NetworkFault {
  private NetworkFault() {}

  /**
   * One line for the log.
   *
   * @param address {@code host:port}
   * @param refusedHint what to think of when the connection is refused
   * @param urlKey the key with the address
   * @param caKey the key with the authority to trust
   */
  public static String explain(
      Throwable error, String address, String refusedHint, String urlKey, String caKey) {
    if (find(error, ConnectException.class) != null) {
      return "connection refused by " + address + refusedHint;
    }
    if (find(error, UnknownHostException.class) != null) {
      String host = address.substring(0, address.lastIndexOf(':'));
      return "no address is known for " + host + "; check " + urlKey;
    }
    Throwable tls = find(error, SSLException.class);
    if (tls != null) {
      return "TLS with %s: %s; for a certificate of your own authority set %s"
          .formatted(address, root(tls).getMessage(), caKey);
    }
    return address + ": " + root(error).getMessage();
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
