package io.spillway.net;

import io.spillway.bus.Fault;
import io.spillway.hop.HopFinding;
import io.spillway.message.Timestamps;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Looks at the TLS of a peer: whether it is trusted, and for how long its certificate is valid. */
public final class TlsExamination {
  private static final long DAY_MS = 86_400_000;
  private static final long SOON_MS = 14 * DAY_MS;
  private static final int DATE_CHARS = 10;

  private final Vertx vertx;
  private final String hop;
  private final String host;
  private final int port;
  private final NetClient client; // a field, or the garbage collector closes it
  private final Function<Throwable, Fault> explain;
  private final TimeSource time;

  /**
   * @param peer what it is called, for the name of the hop
   * @param options those with which the role connects: TLS, and whom it trusts
   * @param explain what a fault means, and what to do about it
   */
  public TlsExamination(
      Vertx vertx,
      String peer,
      String host,
      int port,
      NetClientOptions options,
      Function<Throwable, Fault> explain,
      TimeSource time) {
    this.vertx = vertx;
    hop = peer + " TLS";
    this.host = host;
    this.port = port;
    client = vertx.createNetClient(options);
    this.explain = explain;
    this.time = time;
  }

  /** What the hop is called. */
  public String hop() {
    return hop;
  }

  /** Never fails. */
  public Future<HopFinding> look() {
    return new Addresses(vertx, host)
        .connect(client, port)
        .compose(
            socket -> {
              HopFinding seen = seen(socket);
              return socket.close().map(seen).otherwise(seen);
            })
        .otherwise(
            error -> {
              Fault why = explain.apply(error);
              return HopFinding.failed(hop, why.trouble(), why.cure());
            });
  }

  private HopFinding seen(NetSocket socket) {
    String protocol = socket.sslSession().getProtocol();
    try {
      List<Certificate> chain = socket.peerCertificates();
      return chain.get(0) instanceof X509Certificate own
          ? judge(hop, protocol, own.getNotAfter().toInstant().toEpochMilli(), time.wallMs())
          : HopFinding.ok(hop, protocol);
    } catch (SSLPeerUnverifiedException none) {
      return HopFinding.skipped(hop, protocol + ", and it shows no certificate");
    }
  }

  /** What is to be said of a certificate that is trusted until then. */
  static HopFinding judge(String hop, String protocol, long untilMs, long nowMs) {
    String words =
        "%s, the certificate is valid until %s"
            .formatted(protocol, Timestamps.format(untilMs).substring(0, DATE_CHARS));
    if (untilMs < nowMs) { // by name in the file of authorities, which makes it one itself
      return HopFinding.notice(
          hop,
          words + ", which is past; it is taken all the same, as it is trusted by itself",
          "renew it: who trusts its authority does not take it any more");
    }
    long days = (untilMs - nowMs) / DAY_MS;
    return untilMs - nowMs >= SOON_MS
        ? HopFinding.ok(hop, words)
        : HopFinding.notice(
            hop,
            words + ", in " + days + (days == 1 ? " day" : " days"),
            "renew it before: no connection comes about from then on");
  }
}
