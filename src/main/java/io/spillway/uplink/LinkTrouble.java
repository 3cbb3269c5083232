package io.spillway.uplink;

import io.netty.handler.codec.DecoderException;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.UplinkConfig;
import io.spillway.retry.NetworkFault;
import io.vertx.core.http.UpgradeRejectedException;
import javax.net.ssl.SSLException;

/** What is wrong with the link, in words, and what to do about it. */
final class LinkTrouble {
  private final UplinkConfig config;

  LinkTrouble(UplinkConfig config) {
    this.config = config;
  }

  /** Why a connection did not come about. */
  Fault explain(Throwable error) {
    if (error instanceof UpgradeRejectedException rejected) {
      int status = rejected.getStatus();
      return new Fault(kind(status), "HTTP " + status + cure(status));
    }
    String address = config.url().getHost() + ':' + config.port(); // IPv6 in brackets
    return NetworkFault.explain(error, address, notSet(), "edge.uplink.url", "edge.uplink.caFile");
  }

  /** Why a connection that was up has ended. */
  Fault explainClose(Short code, String reason) {
    String said = reason == null || reason.isEmpty() ? "" : ": " + reason;
    if (code == null || code == 1006) {
      return new Fault(
          FaultKind.CUT,
          "cut without a close (1006): network, proxy or tunnel; keepalive pings go every "
              + config.ping().toMillis()
              + " ms");
    }
    return switch (code) {
      case 1001 -> new Fault(FaultKind.STOPPING, "the server is stopping (1001)");
      case 1008 ->
          new Fault(
              FaultKind.CREDENTIALS, "refused by the server (1008)" + said + "; check the token");
      case 1009 ->
          new Fault(
              FaultKind.OTHER,
              "a message was over the server's limit (1009)" + said + "; see edge.batch.maxBytes");
      case 1013 -> cannotStore(said);
      case 4403 ->
          new Fault(
              FaultKind.CREDENTIALS,
              "not allowed by the server (4403)" + said + "; nothing is lost meanwhile");
      case 4409 -> new Fault(FaultKind.OTHER, "the server wants to begin again (4409)" + said);
      default -> new Fault(FaultKind.CUT, "closed by the server (" + code + ")" + said);
    };
  }

  /** What helps is known only where the server names a kind of trouble that is known here. */
  private static Fault cannotStore(String said) {
    Fault fault = Fault.told(null, "the server cannot store now (1013)" + said);
    return fault.kind() == FaultKind.OTHER
        ? fault.as(fault.words() + "; the server's log says more; nothing is lost meanwhile")
        : fault;
  }

  /** Whether what came cannot be read: Netty says so of a frame, Vert.x of a whole message. */
  static boolean isUnreadable(Throwable error) {
    boolean tls =
        error.getCause() instanceof SSLException; // which comes as a fault of decoding, too
    return (error instanceof DecoderException && !tls) || error instanceof IllegalStateException;
  }

  private static FaultKind kind(int status) {
    return switch (status) {
      case 401, 403 -> FaultKind.CREDENTIALS;
      case 502, 503, 504, 521, 522, 523, 530 -> FaultKind.PROXY;
      default -> FaultKind.OTHER;
    };
  }

  private String cure(int status) {
    return switch (status) {
      case 401, 403 -> ": missing or wrong token; check edge.uplink.token (INGEST_TOKEN)";
      case 404 -> ": no WebSocket at the path of edge.uplink.url; it usually ends in /ws";
      case 429 -> ": too many connections from this address";
      case 502, 503, 504, 521, 522, 523, 530 ->
          ": the proxy or tunnel answers, the server behind it does not. A trycloudflare.com"
              + " address changes with every start of the tunnel: start it again and put the new"
              + " one into edge.uplink.url (WS_HOST)";
      default -> " instead of a WebSocket; check edge.uplink.url";
    };
  }

  private String notSet() {
    return config.defaultUrl()
        ? "; edge.uplink.url (WS_HOST) was never set and has its default value. Is .env read? See"
            + " the [CFG] lines"
        : "; is the server running, and is edge.uplink.url (WS_HOST) right?";
  }
}
