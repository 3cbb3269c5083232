package io.spillway.server.mqtt;

import io.netty.channel.ChannelConfig;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.impl.VertxConnection;

/** A request that waits, paused, until it may become a WebSocket. */
final class PausedRequest {
  private PausedRequest() {}

  /**
   * Makes the WebSocket of it. Nothing is read meanwhile: Vert.x 5.0.8 throws where a connection is
   * found to have ended before what was paused has come to its end. It has no body, so all of it is
   * here: what is waited for comes of what was read.
   */
  static Future<ServerWebSocket> upgrade(HttpServerRequest request) {
    ChannelConfig connection =
        ((VertxConnection) request.connection()).channelHandlerContext().channel().config();
    connection.setAutoRead(false);
    return request.toWebSocket().onComplete(done -> connection.setAutoRead(true));
  }
}
