package io.spillway.server.live;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslHandler;
import io.spillway.net.LatestPing;
import io.spillway.server.part.FairReads;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.VertxConnection;
import java.util.Map;

/**
 * Makes a WebSocket of an HTTP request (RFC 6455 section 4.2.2) and takes the connection over from
 * Vert.x: what is left of it are Netty's frame decoder and our own handler. No extension is
 * accepted, so that frames can be shared.
 */
final class NettyWebSocketUpgrade {
  private NettyWebSocketUpgrade() {}

  /** Why a request cannot become a WebSocket; null if it can. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    final int status;

    Refused(int status, String reason) {
      super(reason, null, false, false);
      this.status = status;
    }
  }

  /**
   * Answers the request with 101 and puts {@code client} in charge of its connection. Not while the
   * request is being read: in a turn of its own.
   *
   * @param taken run when the client can be sent something
   * @throws Refused if the request is no proper handshake; nothing has been answered then
   */
  static void of(HttpServerRequest request, LiveClient client, Runnable taken) throws Refused {
    Channel channel = ((VertxConnection) request.connection()).channelHandlerContext().channel();
    FullHttpRequest upgrade = copy(request);
    WebSocketServerHandshaker handshaker = handshaker(upgrade, client.admission.bytesMax());
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.get(WebSocketServerExtensionHandler.class) != null) {
      pipeline.remove(WebSocketServerExtensionHandler.class);
    }
    try {
      handshaker
          .handshake(channel, upgrade, EmptyHttpHeaders.INSTANCE, channel.newPromise())
          .addListener(answered -> answered(channel, client, taken));
    } catch (WebSocketHandshakeException error) {
      throw new Refused(400, error.getMessage());
    }
  }

  private static void answered(Channel channel, LiveClient client, Runnable taken) {
    ChannelPipeline pipeline = channel.pipeline();
    for (Map.Entry<String, ChannelHandler> entry : pipeline) {
      ChannelHandler handler = entry.getValue();
      if (!(handler instanceof WebSocketFrameDecoder
          || handler instanceof FairReads
          || handler instanceof SslHandler)) {
        pipeline.remove(handler);
      }
    }
    // What one read has brought waits where it is while the socket is not read.
    pipeline.addLast(new LatestPing(client.share::control), new FlowControlHandler(), client);
    client.gate.install(channel);
    channel.config().setAutoRead(true);
    if (channel.isActive()) {
      taken.run();
    } else {
      client.channelInactive(client.context()); // it went while it was being answered
    }
  }

  private static WebSocketServerHandshaker handshaker(FullHttpRequest upgrade, int bytesMax)
      throws Refused {
    WebSocketDecoderConfig frames =
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(bytesMax)
            .allowExtensions(false)
            .closeOnProtocolViolation(false)
            .withUTF8Validator(false)
            .build();
    String location = "ws://" + upgrade.headers().get(HttpHeaderNames.HOST, "") + upgrade.uri();
    WebSocketServerHandshaker handshaker =
        new WebSocketServerHandshakerFactory(location, null, frames).newHandshaker(upgrade);
    if (!(handshaker instanceof WebSocketServerHandshaker13)) {
      throw new Refused(426, "WebSocket version 13 is spoken here");
    }
    return handshaker;
  }

  private static FullHttpRequest copy(HttpServerRequest request) {
    FullHttpRequest copy =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.valueOf(request.method().name()),
            request.uri(),
            Unpooled.EMPTY_BUFFER);
    request.headers().forEach(header -> copy.headers().add(header.getKey(), header.getValue()));
    return copy;
  }
}
