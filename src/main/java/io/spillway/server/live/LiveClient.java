package io.spillway.server.live;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.spillway.server.auth.Grant;
import io.spillway.server.part.FlowControl;
import io.spillway.server.part.FrameFault;
import io.spillway.server.part.Keepalive;
import io.spillway.server.part.MessageAssembler;
import io.spillway.server.part.MessageAssembler.TooBig;
import io.spillway.server.part.ReadGate;
import io.spillway.server.part.ReceiveBudget;
import io.spillway.server.records.Selection;
import io.spillway.time.TimeSource;
import io.spillway.wire.CloseCode;
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
final class LiveClient extends SimpleChannelInboundHandler<WebSocketFrame>
    implements ReceiveBudget.Sender {
  private static final long CLOSING_SECONDS = 10;

  /** Pings of a client for which more waits than this are not answered. */
  private static final long PONG_WITHIN_BYTES = 64 << 10;

  /**
   * How a client was let in.
   *
   * @param peer its address, for what it sends that is no record
   * @param bytesMax longest message that it may send
   * @param grant by which token; whoever may also send is on an open server, where what is no
   *     command is a record
   * @param left to be called when it has gone
   */
  record Admission(String peer, int bytesMax, Grant grant, Runnable left) {}

  final UUID id = UUID.randomUUID();
  final Admission admission;
  final ClientState state;
  final Keepalive keepalive;

  private final LiveEndpoint endpoint;
  private final TimeSource time;
  private final FlowControl flow;

  /** What of its messages is in memory. */
  final ReceiveBudget.Share share;

  private final MessageAssembler assembler;

  /** To be the first handler. */
  final ReadGate gate;

  // the broadcast's
  ClientGroup group;
  int place;

  private ChannelHandlerContext context;
  private ScheduledFuture<?> closingLimit;
  private boolean ended;

  LiveClient(
      LiveEndpoint endpoint,
      Admission admission,
      Selection selection,
      ReceiveBudget budget,
      TimeSource time) {
    this.endpoint = endpoint;
    this.admission = admission;
    this.time = time;
    state = new ClientState(selection);
    long nowNanos = time.nanoTime();
    keepalive = new Keepalive(nowNanos);
    flow = new FlowControl(nowNanos);
    share = budget.enter(this);
    assembler = new MessageAssembler(admission.bytesMax(), share, time);
    gate = ReadGate.counting(bytes -> share.came(bytes, time.monotonicMs()));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  // --- in

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
    if (frame instanceof CloseWebSocketFrame close) {
      closedByPeer(close);
    } else if (state.isClosing()) {
      return;
    } else if (frame instanceof PingWebSocketFrame || frame instanceof PongWebSocketFrame) {
      if (frame instanceof PingWebSocketFrame) {
        pong(frame.content());
      } else {
        share.control(frame.content().readableBytes());
      }
    } else {
      data(ByteBufUtil.getBytes(frame.content()), frame.isFinalFragment());
    }
  }

  private void data(byte[] bytes, boolean last) {
    try {
      byte[] message = assembler.add(bytes, last);
      if (message != null) {
        endpoint.message(this, message);
      }
    } catch (TooBig error) {
      close(CloseCode.TOO_BIG, error.getMessage());
    }
  }

  /** Also of a part of a frame: a long one takes longer to come than a client may be idle. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    keepalive.heard(time.nanoTime());
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (ended) {
      return; // it may be told twice of a connection that breaks during the handshake
    }
    ended = true;
    state.close();
    share.leave();
    if (closingLimit != null) {
      closingLimit.cancel(false);
    }
    endpoint.ended(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable error) {
    CloseCode code = FrameFault.of(error);
    if (code == null) {
      drop(); // reset by the peer, most often
    } else if (code == CloseCode.TOO_BIG) { // the rest of it is read, or its sender sees a reset
      close(code, FrameFault.reason(code, admission.bytesMax()));
    } else {
      fail(code, FrameFault.reason(code, admission.bytesMax()));
    }
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
    flow.sent(frames.readableBytes());
    write(frames);
  }

  /** Likewise; the future is done when the kernel has them all. */
  ChannelFuture sendTold(ByteBuf frames) {
    flow.sent(frames.readableBytes());
    return context.writeAndFlush(frames);
  }

  /** Sends a text message. */
  void send(String text) {
    if (!state.isClosing()) {
      send(WebSocketFrames.text(context.alloc(), text));
    }
  }

  /** How many bytes wait for the client to read on. */
  long waitingBytes() {
    ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
    return waiting == null ? 0 : waiting.totalPendingWriteBytes();
  }

  /** True if something waits and nothing of it has moved for a while: nobody reads. */
  boolean stands(long nowNanos) {
    look(nowNanos);
    return flow.stands(nowNanos);
  }

  /** Looks whether the client takes what it is sent; from time to time. */
  void look(long nowNanos) {
    flow.look(nowNanos, context.channel());
  }

  @Override
  public void reading(boolean on) {
    gate.reading(on);
  }

  /** It sends records: it is read only while it reads what it is answered. */
  void sends() {
    gate.answers(() -> tooSlow("does not read its answers", ReadGate.TOO_SLOW));
  }

  /** Whether there is room for what is said of records. */
  boolean isWritable() {
    return gate.isWritable();
  }

  @Override
  public void late() {
    close(CloseCode.TRY_LATER, ReceiveBudget.LATE);
  }

  /** Closes behind what waits; cut off if the client does not read it. */
  void close(CloseCode code, String reason) {
    if (state.close()) {
      endpoint.closing(this, code);
      write(WebSocketFrames.close(code, reason));
      share.leave(); // if it is not read, the answer to the close would not be seen
      limit();
    }
  }

  private void limit() {
    closingLimit = context.executor().schedule(() -> drop(), CLOSING_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Closes it without waiting for an answer: what comes cannot be read (RFC 6455 section 7.1.7).
   */
  private void fail(CloseCode code, String reason) {
    close(code, reason);
    context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> drop());
  }

  /**
   * Closes it for not reading fast enough, and tells so once; it may come back and go on from its
   * offset.
   */
  void tooSlow(String why) {
    tooSlow(why, "too slow: go on from the last _offset");
  }

  private void tooSlow(String why, String told) {
    if (!state.isClosing()) {
      endpoint.slow(this, why);
      close(CloseCode.TOO_SLOW, told);
    }
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
    if (!state.close()) {
      drop();
      return;
    }
    endpoint.leaving(this);
    limit(); // for one that reads no answer
    sendTold(WebSocketFrames.echo(context.alloc(), frame.content())).addListener(sent -> drop());
  }

  /** Not every ping needs a pong of its own (RFC 6455 section 5.5.3). */
  private void pong(ByteBuf payload) {
    if (waitingBytes() > PONG_WITHIN_BYTES) {
      return;
    }
    send(WebSocketFrames.pong(context.alloc(), payload));
  }
}
