package io.spillway.kit;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Any number of {@link Watcher}s on one thread. */
public final class Watchers implements AutoCloseable {
  private static final int MESSAGE_BYTES_MAX = 4 << 20;
  private static final int RESPONSE_BYTES_MAX = 64 << 10;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<Watcher> all = new ArrayList<>();

  /** Connects, with a receive buffer as the kernel likes it. */
  public Watcher open(String url) {
    return open(url, 0);
  }

  /**
   * Connects.
   *
   * @param receiveBytes what the kernel takes for a client that does not read; 0: its default
   */
  public Watcher open(String url, int receiveBytes) {
    Watcher watcher = begin(url, receiveBytes);
    watcher.awaitOpen();
    return watcher;
  }

  private Watcher begin(String url, int receiveBytes) {
    URI uri = URI.create(url);
    Watcher watcher = new Watcher();
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(io.netty.channel.socket.nio.NioSocketChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new HttpClientCodec(),
                            new HttpObjectAggregator(RESPONSE_BYTES_MAX),
                            new WebSocketClientProtocolHandler(config(uri)),
                            new WebSocketFrameAggregator(MESSAGE_BYTES_MAX),
                            watcher);
                  }
                });
    if (receiveBytes > 0) {
      bootstrap.option(ChannelOption.SO_RCVBUF, receiveBytes);
    }
    bootstrap.connect(new InetSocketAddress(uri.getHost(), uri.getPort())).syncUninterruptibly();
    all.add(watcher);
    return watcher;
  }

  /** Connects {@code count} clients. */
  public List<Watcher> open(String url, int count, int receiveBytes) {
    List<Watcher> opened = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      opened.add(begin(url, receiveBytes));
    }
    opened.forEach(Watcher::awaitOpen);
    return opened;
  }

  private static WebSocketClientProtocolConfig config(URI uri) {
    return WebSocketClientProtocolConfig.newBuilder()
        .webSocketUri(uri)
        .handleCloseFrames(false)
        .dropPongFrames(false)
        .maxFramePayloadLength(MESSAGE_BYTES_MAX)
        .build();
  }

  @Override
  public void close() {
    all.forEach(Watcher::close);
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
