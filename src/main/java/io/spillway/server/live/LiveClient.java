package io.spillway.server.live;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.spillway.server.records.Selection;
import io.spillway.wire.CloseCode;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One live WebSocket, as the last handler of its Netty pipeline: what comes in goes to the
 * endpoint, what goes out is counted, so that it is known how much waits and whether it moves. Used
 * on its event loop only.
 *
 * <p>It is not a Vert.x WebSocket, for two reasons: encoded frames can be shared by many clients,
 * and thousands of idle clients are a third of the size.
 */
final class LiveClient extends SimpleChannelInboundHandler<WebSocketFrame> {
  private static final long CLOSING_SECONDS = 10;

  /** A queue that has not moved for so long belongs to a client that does not read. */
  private static final long STANDS_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Pings of a client for which more waits than this are not answered. */
  private static final long PONG_WITHIN_BYTES = 64 << 10;

  /** What Netty counts for each buffer that waits, beside its bytes. */
  private static final int PER_BUFFER = 96;

  /** What a client is to the hub. */
  enum State {
    /** Member of a group. */
    LIVE,
    /** Reads the journal to catch up. */
    REPLAYING,
    /** Will get no more. */
    CLOSING
  }

  final UUID id = UUID.randomUUID();
  final long openedNanos = System.nanoTime();

  private final LiveEndpoint endpoint;
  final Admittance admittance;

  // the endpoint's
  State state = State.LIVE;
  Selection selection;
  boolean chosen;

  /** What it has had until now. */
  Coverage covered = Coverage.NONE;

  /** Commands that wait until a replay is done; null for none. */
  Deque<Command> commands;

  /** Bytes of its messages that wait for the disk. */
  int storing;

  // the broadcast's
  Group group;
  int place;

  private ChannelHandlerContext context;
  private long heardNanos = openedNanos;
  private long offered;
  private long taken;
  private long movedNanos = openedNanos;
  long pingDueNanos;
  private ScheduledFuture<?> closingLimit;
  private boolean ended;

  LiveClient(LiveEndpoint endpoint, Admittance admittance, Selection selection) {
    this.endpoint = endpoint;
    this.admittance = admittance;
    this.selection = selection;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  // --- in

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
    heardNanos = System.nanoTime();
    if (frame instanceof CloseWebSocketFrame close) {
      closedByPeer(close);
    } else if (state == State.CLOSING) {
      return;
    } else if (frame instanceof PingWebSocketFrame) {
      pong(frame.content());
    } else if (!(frame instanceof PongWebSocketFrame)) {
      endpoint.message(this, ByteBufUtil.getBytes(frame.content()));
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    // nothing behind this handler
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (ended) {
      return; // it may be told twice of a connection that breaks during the handshake
    }
    ended = true;
    state = State.CLOSING;
    if (closingLimit != null) {
      closingLimit.cancel(false);
    }
    endpoint.ended(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable error) {
    boolean wrong = error instanceof CorruptedWebSocketFrameException;
    if (error instanceof TooLongFrameException || (wrong && isTooBig(error))) {
      close(CloseCode.TOO_BIG, error.getMessage());
    } else if (wrong) {
      fail(CloseCode.PROTOCOL, error.getMessage());
    } else {
      drop(); // reset by the peer, most often
    }
  }

  private static boolean isTooBig(Throwable error) {
    int code = ((CorruptedWebSocketFrameException) error).closeStatus().code();
    return code == CloseCode.TOO_BIG.code();
  }

  // --- out

  Channel channel() {
    return context.channel();
  }

  ChannelHandlerContext context() {
    return context;
  }

  /** Sends whole frames and lets go of the buffer. */
  void send(ByteBuf frames) {
    offered += frames.readableBytes() + PER_BUFFER;
    write(frames);
  }

  /** Likewise; the future is done when the kernel has them all. */
  ChannelFuture sendTold(ByteBuf frames) {
    offered += frames.readableBytes() + PER_BUFFER;
    return context.writeAndFlush(frames);
  }

  /** Sends a text message. */
  void send(String text) {
    if (state != State.CLOSING) {
      send(Frames.text(context.alloc(), text));
    }
  }

  /** How many bytes wait for the client to read on. */
  long waitingBytes() {
    ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
    return waiting == null ? 0 : waiting.totalPendingWriteBytes();
  }

  /** When the last message or pong came. */
  long heardNanos() {
    return heardNanos;
  }

  /** True if something waits and nothing of it has moved for a while: nobody reads. */
  boolean stands(long now) {
    look(now);
    return movedNanos < now - STANDS_NANOS;
  }

  /** Looks whether the client takes what it is sent; from time to time. */
  void look(long now) {
    ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
    if (waiting == null) {
      return;
    }
    long takenNow = offered - waiting.totalPendingWriteBytes() + waiting.currentProgress();
    if (takenNow != taken || waiting.isEmpty()) {
      taken = takenNow;
      movedNanos = now;
    }
  }

  /** Reads no more from the client, or again. */
  void reading(boolean on) {
    context.channel().config().setAutoRead(on);
  }

  /** Closes behind what waits; cut off if the client does not read it. */
  void close(CloseCode code, String reason) {
    if (state != State.CLOSING) {
      endpoint.closing(this, code);
      state = State.CLOSING;
      write(Frames.close(code, reason));
      reading(true); // else the answer to the close would not be seen
      closingLimit = context.executor().schedule(() -> drop(), CLOSING_SECONDS, TimeUnit.SECONDS);
    }
  }

  /**
   * Closes it without waiting for an answer: what comes cannot be read (RFC 6455 section 7.1.7).
   */
  private void fail(CloseCode code, String reason) {
    close(code, reason);
    context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> drop());
  }

  /** Closes it for not reading fast enough; it may come back and go on from its offset. */
  void tooSlow(String why) {
    endpoint.slow(this, why);
    close(CloseCode.TOO_SLOW, "too slow: go on from the last _offset");
  }

  /** Closes without a word: nobody is there. */
  void drop() {
    ChannelFuture unused = context.close();
  }

  /** A write that fails ends in {@link #exceptionCaught}. */
  private void write(ByteBuf frames) {
    ChannelFuture unused = context.writeAndFlush(frames, context.voidPromise());
  }

  private void closedByPeer(CloseWebSocketFrame frame) {
    if (state == State.CLOSING) {
      drop();
      return;
    }
    endpoint.leaving(this);
    state = State.CLOSING;
    sendTold(Frames.echo(context.alloc(), frame.content())).addListener(sent -> drop());
  }

  /** Not every ping needs a pong of its own (RFC 6455 section 5.5.3). */
  private void pong(ByteBuf payload) {
    if (waitingBytes() > PONG_WITHIN_BYTES) {
      return;
    }
    send(Frames.pong(context.alloc(), payload));
  }
}
