package io.spillway.server;

import static io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker.DEFAULT_MEM_LEVEL;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.VertxConnection;

/**
 * permessage-deflate (RFC 7692) with a limit on what a message inflates to. What Vert.x 5.0.8
 * installs by itself has none: a message of 1 MiB could become 1 GiB before anybody sees its size.
 */
final class BoundedDeflate {
  /** The handler's name in the pipeline that Vert.x makes. */
  private static final String UNBOUNDED = "webSocketExtensionHandler";

  /** Edges are compressed by the edge; what goes back is small. */
  private static final int LEVEL = 1;

  private static final int LARGEST_WINDOW = 15;

  private BoundedDeflate() {}

  /** Before the first request of a connection is read. */
  static void install(HttpConnection connection, int bytesMax) {
    ChannelPipeline pipeline = ((VertxConnection) connection).channelHandlerContext().pipeline();
    pipeline.replace(
        UNBOUNDED,
        "boundedDeflate",
        new WebSocketServerExtensionHandler(
            new PerMessageDeflateServerExtensionHandshaker(
                LEVEL,
                false,
                LARGEST_WINDOW,
                false,
                false,
                LARGEST_WINDOW,
                DEFAULT_MEM_LEVEL,
                bytesMax)));
  }
}
