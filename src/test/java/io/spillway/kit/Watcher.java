package io.spillway.kit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A live WebSocket client that notes, by {@code _offset}, whether it gets each record once and in
 * order. What is no record can be waited for.
 */
public final class Watcher extends SimpleChannelInboundHandler<WebSocketFrame>
    implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final byte[] OFFSET = "\"_offset\":".getBytes(StandardCharsets.US_ASCII);
  private static final int FAULTS_MAX = 5;

  private final BlockingQueue<JsonObject> messages = new LinkedBlockingQueue<>();
  private final List<String> faults = new ArrayList<>();
  private volatile Consumer<String> looked;
  private volatile Channel channel;
  private volatile boolean open;
  private volatile boolean gone;
  private volatile int closeCode;
  private volatile boolean gapsAllowed;
  private volatile long count;
  private volatile long without;
  private volatile long first;
  private volatile long last;

  // --- what it does

  /** Sends a text message. */
  public Watcher send(String text) {
    channel.writeAndFlush(new TextWebSocketFrame(text)).syncUninterruptibly();
    return this;
  }

  /** Sends so many pings with a payload of so many bytes; returns when they are out. */
  public void ping(int count, int bytes) {
    for (int i = 0; i < count; i++) {
      ChannelFuture unused =
          channel.write(new PingWebSocketFrame(Unpooled.wrappedBuffer(new byte[bytes])));
    }
    channel.writeAndFlush(new PongWebSocketFrame()).syncUninterruptibly();
  }

  /** Subscribes; {@code since} 0: to what comes. */
  public Watcher subscribe(long since, String... topics) {
    JsonObject command = new JsonObject().put("type", "subscribe").put("topics", List.of(topics));
    return send((since == 0 ? command : command.put("since", since)).encode());
  }

  /** Reads no more, as a program that hangs, or again. */
  public void reading(boolean on) {
    channel.config().setAutoRead(on);
  }

  /** Reads once, what there is. */
  public void readOnce() {
    channel.read();
  }

  /** Only a part of the records is expected: offsets need not be neighbours. */
  public Watcher allowingGaps() {
    gapsAllowed = true;
    return this;
  }

  /** Gives every record to {@code eye}, too; on the watchers' thread. */
  public Watcher looking(Consumer<String> eye) {
    looked = eye;
    return this;
  }

  // --- what it saw

  /** Records with an offset. */
  public long count() {
    return count;
  }

  /** Records without an offset: of another host. */
  public long without() {
    return without;
  }

  /** Offset of its first record; 0: none yet. */
  public long first() {
    return first;
  }

  /** Offset of its last record. */
  public long last() {
    return last;
  }

  /** Missing, doubled or disordered records, in words. */
  public synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  /** The code it was closed with; 0: not closed, or without one. */
  public int closeCode() {
    return closeCode;
  }

  /** Whether its connection is gone. */
  public boolean isGone() {
    return gone;
  }

  /** The next message of this type, passing over others. */
  public JsonObject await(String type) {
    try {
      while (true) {
        JsonObject message = messages.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        if (message == null) {
          throw new AssertionError("no message of type " + type + " within " + LIMIT);
        }
        if (type.equals(message.getString("type"))) {
          return message;
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }

  /** Waits until it has seen the record with this offset. */
  public void awaitOffset(long offset, Duration limit) {
    Await.until(
        () -> "offset " + offset + " seen; at " + last + ", closed with " + closeCode + faults(),
        limit,
        () -> last >= offset || (gone && fail()));
  }

  private boolean fail() {
    throw new AssertionError("closed with " + closeCode + " at offset " + last);
  }

  void awaitOpen() {
    Await.until("the WebSocket is open", LIMIT, () -> open || gone);
    if (!open) {
      throw new AssertionError("the WebSocket was refused");
    }
  }

  // --- on the watchers' thread

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    channel = ctx.channel();
    ctx.fireChannelActive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    open |= event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
    if (frame instanceof TextWebSocketFrame) {
      text(frame.content());
    } else if (frame instanceof CloseWebSocketFrame close) {
      closeCode = close.statusCode();
      ctx.writeAndFlush(close.retain()).addListener(sent -> close());
    }
  }

  private synchronized void text(ByteBuf bytes) {
    long offset = offset(bytes);
    if (offset > 0) {
      record(offset);
      if (looked != null) {
        looked.accept(bytes.toString(StandardCharsets.UTF_8));
      }
      return;
    }
    JsonObject message = new JsonObject(bytes.toString(StandardCharsets.UTF_8));
    if (message.containsKey("_id")) {
      without++;
    } else {
      messages.add(message);
    }
  }

  /** The offset is the last member of a record; 0 if there is none. */
  private static long offset(ByteBuf bytes) {
    int at = bytes.writerIndex() - 2; // before the brace
    long offset = 0;
    for (long unit = 1; bytes.getByte(at) >= '0' && bytes.getByte(at) <= '9'; unit *= 10, at--) {
      offset += unit * (bytes.getByte(at) - '0');
    }
    for (int i = OFFSET.length - 1; i >= 0; i--, at--) {
      if (at < bytes.readerIndex() || bytes.getByte(at) != OFFSET[i]) {
        return 0;
      }
    }
    return offset;
  }

  private synchronized void record(long offset) {
    boolean right = last == 0 || offset == last + 1 || (gapsAllowed && offset > last);
    if (!right) {
      fault(last + " is followed by " + offset);
    }
    first = first == 0 ? offset : first;
    last = offset;
    count++;
  }

  private synchronized void fault(String words) {
    if (faults.size() < FAULTS_MAX) {
      faults.add(words);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone = true;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable error) {
    fault(error.toString());
    ChannelFuture unused = ctx.close();
  }

  @Override
  public void close() {
    ChannelFuture unused = channel.close();
  }
}
