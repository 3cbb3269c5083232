package io.spillway.uplink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.UplinkConfig;
import io.spillway.config.UplinkMode;
import io.spillway.net.Addresses;
import io.spillway.net.NamedTls;
import io.spillway.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Opens the WebSocket: address, token, certificates, subprotocol. */
final class Dialer {
  /**
   * Offered before ours, and known to no server. A server that does not negotiate but echoes what
   * is offered first, as npm {@code ws} does by default, picks this one and so tells itself apart.
   */
  private static final String NOT_NEGOTIATED = "plain";

  /** Where nothing but acknowledgements will do, and the server has not chosen our subprotocol. */
  static final Fault NOT_ACKNOWLEDGING =
      new Fault(
          FaultKind.OTHER,
          "it does not speak spillway.v1, as edge.uplink.mode asks; is it the server, or a proxy"
              + " that takes Sec-WebSocket-Protocol away?");

  private static final long TIMEOUT_MS = 10_000;
  private static final int CLOSING_TIMEOUT_S = 2;

  private final UplinkConfig config;
  private final Addresses addresses;
  private final LinkTrouble trouble;

  Dialer(Vertx vertx, UplinkConfig config) {
    this.config = config;
    trouble = new LinkTrouble(config);
    addresses = new Addresses(vertx, config.host(), Dialer::isAnswer);
  }

  // The server's word about us. From 500 on it is a proxy's about a server: another may be well.
  private static boolean isAnswer(Throwable fault) {
    return fault instanceof UpgradeRejectedException refused && refused.getStatus() < 500;
  }

  WebSocketClient client(Vertx vertx) {
    WebSocketClientOptions options =
        new WebSocketClientOptions()
            .setSsl(config.tls())
            .setSslEngineOptions(new NamedTls(config.host()))
            .setClosingTimeout(CLOSING_TIMEOUT_S)
            .setTryUsePerMessageCompression(config.compress())
            .setCompressionLevel(1); // a fifth of the size; 6 costs three times as much CPU
    if (config.caFile() != null) {
      options.setTrustOptions(new PemTrustOptions().addCertPath(config.caFile().toString()));
    }
    return vertx.createWebSocketClient(options);
  }

  /** Why {@link #connect} failed. */
  Fault explain(Throwable error) {
    return trouble.explain(error);
  }

  /** Why a connection has ended: its close code, null if there was none, and the peer's reason. */
  Fault explainClose(Short code, String reason) {
    return trouble.explainClose(code, reason);
  }

  /** A connection; its {@code subProtocol()} is ours if the server acknowledges. */
  Future<WebSocket> connect(WebSocketClient client) {
    return addresses.connect(
        address -> Addresses.number(address).compose(number -> connect(client, number)));
  }

  private Future<WebSocket> connect(WebSocketClient client, String number) {
    if (config.mode() == UplinkMode.PLAIN) {
      return client.connect(options(number));
    }
    return client
        .connect(options(number).setSubProtocols(List.of(NOT_NEGOTIATED, Wire.SUBPROTOCOL)))
        .compose(this::unlessTooPlain)
        .recover(
            error ->
                // The server has accepted and named no subprotocol, which the client takes for a
                // fault when it has offered some (RFC 6455 section 4.1 does not).
                String.valueOf(error.getMessage()).startsWith("Invalid subprotocol")
                    ? withoutSubprotocol(client, number)
                    : Future.failedFuture(error));
  }

  /** A server that echoes has taken what is offered first for its own. */
  private Future<WebSocket> unlessTooPlain(WebSocket socket) {
    boolean plain = !Wire.SUBPROTOCOL.equals(socket.subProtocol());
    return plain && config.mode() == UplinkMode.ACKNOWLEDGED
        ? socket.close().transform(closed -> Future.failedFuture(NOT_ACKNOWLEDGING.failure()))
        : Future.succeededFuture(socket);
  }

  private Future<WebSocket> withoutSubprotocol(WebSocketClient client, String number) {
    return config.mode() == UplinkMode.ACKNOWLEDGED
        ? Future.failedFuture(NOT_ACKNOWLEDGING.failure())
        : client.connect(options(number));
  }

  /** For the log. */
  String maskedUrl() {
    URI url = config.url();
    return url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
  }

  // The host is what to connect to; what the Host header says is that of the absolute URI.
  private WebSocketConnectOptions options(String number) {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setHost(number)
            .setPort(config.port())
            .setSsl(config.tls())
            .setURI(target())
            .setTimeout(TIMEOUT_MS)
            .setAllowOriginHeader(false);
    if (config.token() != null) {
      options.putHeader(HttpHeaders.AUTHORIZATION.toString(), "Bearer " + config.token().value());
    }
    return options;
  }

  /** With the token a second time: plain servers look for it only there. */
  private String target() {
    String query = config.url().getRawQuery();
    StringBuilder target =
        new StringBuilder(config.tls() ? "https://" : "http://")
            .append(config.url().getRawAuthority())
            .append(config.url().getRawPath());
    if (query != null) {
      target.append('?').append(query);
    }
    if (config.token() != null) {
      target
          .append(query == null ? '?' : '&')
          .append("token=")
          .append(URLEncoder.encode(config.token().value(), StandardCharsets.UTF_8));
    }
    return target.toString();
  }
}
