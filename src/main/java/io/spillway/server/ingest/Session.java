package io.spillway.server.ingest;

import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.StoreRequest;
import io.spillway.bus.Stored;
import io.spillway.net.LatestPing;
import io.spillway.server.part.FrameFault;
import io.spillway.server.part.Keepalive;
import io.spillway.server.part.MessageAssembler;
import io.spillway.server.part.MessageAssembler.TooBig;
import io.spillway.server.part.ReadGate;
import io.spillway.server.part.ReceiveBudget;
import io.spillway.server.part.SocketEnd;
import io.spillway.time.TimeSource;
import io.spillway.wire.CloseCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.internal.http.WebSocketInternal;
import java.time.Duration;

/**
 * What every ingest WebSocket does: whole messages in, bounded; when too much is in memory the
 * socket is not read, so that the sender is slowed down and not this process's memory filled.
 */
abstract class Session implements ReceiveBudget.Sender {
  final Vertx vertx;
  final ServerWebSocket socket;
  final IngestMetrics metrics;
  private final MessageAssembler assembler;
  private final TimeSource time;
  private final int bytesMax;
  private final ReceiveBudget.Share share;
  private final ReadGate gate = ReadGate.answering(this::came, this::tooSlow);
  private final Keepalive keepalive;
  private SocketEnd end;
  private boolean closed;

  Session(
      Vertx vertx,
      ServerWebSocket socket,
      int messageBytesMax,
      IngestMetrics metrics,
      ReceiveBudget budget,
      TimeSource time) {
    this.vertx = vertx;
    this.socket = socket;
    this.metrics = metrics;
    this.bytesMax = messageBytesMax;
    this.time = time;
    share = budget.enter(this);
    assembler = new MessageAssembler(messageBytesMax, share, time);
    keepalive = new Keepalive(time.nanoTime());
  }

  /** Begins to read. */
  final void serve() {
    gate.install(((WebSocketInternal) socket).channelHandlerContext().channel());
    end = SocketEnd.of(socket, this::unreadable);
    LatestPing.of(socket, share::control);
    socket.frameHandler(this::frame);
    socket.exceptionHandler(broken -> {}); // which ends it, too
  }

  /** What is no frame (RFC 6455 section 7.4.1), or, above all, too long for one. */
  private void unreadable(CloseCode code) {
    close(code, FrameFault.reason(code, bytesMax));
  }

  /** A whole text or binary message. */
  abstract void message(byte[] bytes);

  /** Something comes, be it a part of a message. */
  void heard() {}

  /** What tokens allow may be something else now. */
  void rightsChanged() {}

  private void came(int bytes) {
    share.came(bytes, time.monotonicMs());
    keepalive.heard(time.nanoTime());
    heard();
  }

  /**
   * Pings a peer that says nothing, and closes one that answers nothing, not even a ping (RFC 6455
   * section 5.5.2); to be called from time to time. Of one that is not read nothing can be heard.
   */
  final void look(Duration ping, Duration idle) {
    long now = time.nanoTime();
    if (closed) {
      return;
    }
    if (!gate.isReading()) {
      keepalive.heard(now);
    } else if (keepalive.isGone(now, idle.toNanos())) {
      close(CloseCode.TRY_LATER, "nothing heard for " + idle.toSeconds() + " s, not even a pong");
    } else if (keepalive.isIdle(now, ping.toNanos()) && keepalive.isPingDue(now, ping.toNanos())) {
      keepalive.pinged(now);
      socket.writePing(Buffer.buffer()).onFailure(error -> metrics.unsent());
    }
  }

  /**
   * Of the connection itself, as a pause of Vert.x' begins only behind a whole frame; and of the
   * socket, as one read may have brought ten thousand of them.
   */
  @Override
  public final void reading(boolean on) {
    gate.reading(on);
    if (on) {
      socket.resume();
    } else {
      socket.pause();
    }
  }

  @Override
  public final void late() {
    close(CloseCode.TRY_LATER, ReceiveBudget.LATE);
  }

  /** It is not read while it does not read its answers, and would stay for ever. */
  private void tooSlow() {
    close(CloseCode.TOO_SLOW, ReadGate.TOO_SLOW);
  }

  /** Asks the store; the socket rests while too many bytes wait. Fails with the store's failure. */
  final Future<Stored> store(StoreRequest request, int bytes) {
    int held = ReceiveBudget.ofMessage(bytes);
    share.storing(held);
    return Channels.BATCH_STORE.request(vertx, request).onComplete(settled -> share.settled(held));
  }

  /** The store did not take it. */
  final void refused(Throwable error) {
    switch (BusFailure.of(error)) {
      case GAP -> close(CloseCode.GAP, error.getMessage());
      case TOO_LARGE -> close(CloseCode.TOO_BIG, error.getMessage());
      case FORBIDDEN -> close(CloseCode.FORBIDDEN, error.getMessage());
      default -> close(CloseCode.TRY_LATER, "cannot store now: " + error.getMessage());
    }
  }

  final void send(String text) {
    if (!closed) {
      socket.writeTextMessage(text).onFailure(error -> metrics.unsent());
    }
  }

  /** The same, unless too much waits already: for whoever may not read at all. */
  final void sendIfRead(String text) {
    if (gate.isWritable()) {
      send(text);
    } else {
      metrics.unsent();
    }
  }

  /** The connection is gone: what it has asked for may still be answered, and is not for it. */
  final void ended() {
    closed = true;
    share.leave();
  }

  final boolean isClosed() {
    return closed;
  }

  /** Closes with a code and a reason; nothing that comes after it is looked at. */
  final void close(CloseCode code, String reason) {
    if (!closed) {
      closed = true;
      metrics.closed(code);
      share.leave(); // a socket that is not read would not see the peer's answer to the close
      end.close(code, reason, error -> metrics.unsent()); // it was gone already
    }
  }

  private void frame(WebSocketFrame frame) {
    if (closed) {
      return;
    }
    if (!(frame.isText() || frame.isBinary() || frame.isContinuation())) {
      if (!frame.isPing()) { // which was told of before it was one of many
        share.control(frame.binaryData().length());
      }
      return;
    }
    try {
      byte[] message = assembler.add(frame.binaryData().getBytes(), frame.isFinal());
      if (message != null) {
        message(message);
      }
    } catch (TooBig e) {
      close(CloseCode.TOO_BIG, e.getMessage());
    }
  }
}
