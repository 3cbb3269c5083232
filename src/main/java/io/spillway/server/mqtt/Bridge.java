package io.spillway.server.mqtt;

import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.spillway.config.GatewayConfig;
import io.spillway.server.auth.Grant;
import io.spillway.wire.CloseCode;
import io.spillway.wire.CloseReason;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One browser and its connection to the broker. Used on one event loop only.
 *
 * <p>Neither of the two is read while too much waits for the other. A browser that takes nothing
 * although something waits for it is given up after a while, and so is a broker.
 */
final class Bridge implements Gate.Outlet {
  /** Whoever has not answered a close by then is cut off. */
  private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Bridges bridges;
  private final GatewayConfig config;
  private final String peer;
  private final Grant grant;
  private final ServerWebSocket browser;
  private final NetSocket broker;
  private final Gate gate;
  private final long openedNanos = System.nanoTime();

  private Buffer toBroker = Buffer.buffer();
  private Buffer toBrowser = Buffer.buffer();
  private long heardNanos = openedNanos;
  private long pingDueNanos;

  /** Since when something waits for the browser, or the broker; 0 while nothing does. */
  private long browserFullNanos;

  private long brokerFullNanos;

  /** Since when the browser has not finished a packet. */
  private long packetNanos = openedNanos;

  private int heldBytes;
  private long closingNanos;
  private boolean closing;
  private boolean browserGone;
  private boolean brokerGone;

  /**
   * @param peer the browser's address, for logs
   * @param broker connected and paused
   */
  Bridge(
      Bridges bridges,
      GatewayConfig config,
      String peer,
      Grant grant,
      ServerWebSocket browser,
      NetSocket broker,
      Gate gate) {
    this.bridges = bridges;
    this.config = config;
    this.peer = peer;
    this.grant = grant;
    this.browser = browser;
    this.broker = broker;
    this.gate = gate;
    pingDueNanos = openedNanos + config.ping().toNanos();
  }

  String peer() {
    return peer;
  }

  Grant grant() {
    return grant;
  }

  /** Begins to pass on what comes. */
  void open() {
    browser.setWriteQueueMaxSize(config.queueBytes());
    browser.frameHandler(this::frame);
    browser.pongHandler(pong -> heardNanos = System.nanoTime());
    browser.drainHandler(drained -> goOn());
    browser.exceptionHandler(this::unreadable);
    browser.closeHandler(closed -> browserGone());
    broker.setWriteQueueMaxSize(config.queueBytes());
    broker.handler(this::fromBroker);
    broker.drainHandler(drained -> goOn());
    broker.exceptionHandler(error -> {}); // what breaks a connection also ends it
    broker.endHandler(ended -> brokerEnded());
    broker.closeHandler(closed -> brokerGone());
    broker.resume();
  }

  // --- from the browser

  private void frame(WebSocketFrame frame) {
    heardNanos = System.nanoTime();
    if (closing) {
      return;
    }
    if (frame.isText()) {
      close(CloseCode.UNSUPPORTED, "text; MQTT goes in binary frames");
    } else if (frame.isBinary() || frame.isContinuation()) {
      grant(() -> gate.fromBrowser(frame.binaryData().getBytes(), this));
    }
  }

  private void unreadable(Throwable error) {
    boolean big =
        error instanceof TooLongFrameException
            || (error instanceof CorruptedWebSocketFrameException wrong
                && wrong.closeStatus().code() == CloseCode.TOO_BIG.code());
    if (big || error instanceof CorruptedWebSocketFrameException) {
      close(big ? CloseCode.TOO_BIG : CloseCode.PROTOCOL, error.getMessage());
    }
  }

  private void browserGone() {
    browserGone = true;
    beginClosing();
    broker.close().onFailure(error -> bridges.gone(this, error));
    endIfGone();
  }

  // --- from the broker

  private void fromBroker(Buffer bytes) {
    if (!closing) {
      grant(() -> gate.fromBroker(bytes.getBytes(), this));
    }
  }

  private void brokerEnded() {
    if (gate.isOver()) {
      close(CloseCode.NORMAL, "");
    } else {
      close(CloseCode.TRY_LATER, "the broker closed the connection");
    }
  }

  private void brokerGone() {
    brokerGone = true;
    endIfGone();
  }

  // --- to both

  @Override
  public void toBroker(byte[] bytes, int from, int to) {
    toBroker.appendBytes(bytes, from, to - from);
  }

  @Override
  public void toBrowser(byte[] bytes, int from, int to) {
    toBrowser.appendBytes(bytes, from, to - from);
  }

  private interface Step {
    void run() throws Violation;
  }

  /** What was right is sent on, also what came before something that is not. */
  private void grant(Step step) {
    Violation violation = null;
    long packets = gate.browserPackets();
    try {
      step.run();
      account();
    } catch (Violation e) {
      violation = e;
    }
    if (packets != gate.browserPackets() || !gate.isUnfinished()) {
      packetNanos = System.nanoTime();
    }
    send();
    if (violation != null) {
      close(violation.code(), violation.getMessage());
    }
  }

  private void account() throws Violation {
    int more = gate.heldBytes() - heldBytes;
    heldBytes += more;
    if (!bridges.hold(more)) {
      throw new Violation(CloseCode.TRY_LATER, "too many packets are unfinished");
    }
  }

  private void send() {
    if (toBroker.length() > 0) {
      broker.write(toBroker).onFailure(error -> bridges.gone(this, error));
      toBroker = Buffer.buffer();
    }
    if (toBrowser.length() > 0 && !browser.isClosed()) {
      browser.writeFinalBinaryFrame(toBrowser).onFailure(error -> bridges.gone(this, error));
      toBrowser = Buffer.buffer();
    }
    if (isFull()) {
      browser.pause();
      broker.pause();
    }
  }

  /** Answers of our own go to the browser, too: while it takes none, it is not read either. */
  private boolean isFull() {
    boolean browserFull = !browser.isClosed() && browser.writeQueueFull();
    boolean brokerFull = !brokerGone && broker.writeQueueFull();
    browserFullNanos = since(browserFull, browserFullNanos);
    brokerFullNanos = since(brokerFull, brokerFullNanos);
    return browserFull || brokerFull;
  }

  private static long since(boolean full, long before) {
    if (!full) {
      return 0;
    }
    return before == 0 ? System.nanoTime() : before;
  }

  private void goOn() {
    if (!isFull()) {
      browser.resume();
      broker.resume();
    }
  }

  // --- as time passes

  /** Whether the browser has more waiting for it than it should. */
  boolean isWaitedFor() {
    return browserFullNanos != 0;
  }

  /**
   * Looks whether both are still there; from time to time.
   *
   * @param slow how long a side may take nothing
   */
  void look(long now, Duration slow) {
    if (closing) {
      if (now - closingNanos > CLOSING_NANOS) {
        cut();
      }
      return;
    }
    boolean held = isFull();
    if (browserFullNanos != 0 && now - browserFullNanos > slow.toNanos()) {
      bridges.slow(this);
      close(CloseCode.TOO_SLOW, "too slow: took nothing for " + words(slow));
    } else if (brokerFullNanos != 0 && now - brokerFullNanos > slow.toNanos()) {
      close(CloseCode.TRY_LATER, "the broker takes nothing");
    } else if (!gate.isAnswered() && now - openedNanos > config.connect().toNanos()) {
      notConnected(now);
    } else if (!held && now - heardNanos > config.idle().toNanos()) {
      close(CloseCode.GOING_AWAY, "nothing heard for " + words(config.idle()));
    } else if (gate.isUnfinished() && now - packetNanos > config.idle().toNanos()) {
      close(CloseCode.POLICY, "a packet unfinished for " + words(config.idle()));
    } else if (now - pingDueNanos > 0) {
      pingDueNanos = now + config.ping().toNanos();
      browser.writePing(Buffer.buffer()).onFailure(error -> bridges.gone(this, error));
    }
  }

  private void notConnected(long now) {
    if (!gate.isConnected()) {
      close(CloseCode.POLICY, "no CONNECT within " + words(config.connect()));
    } else if (now - openedNanos > 2 * config.connect().toNanos()) {
      close(CloseCode.TRY_LATER, "the broker does not answer CONNECT");
    }
  }

  private static String words(Duration time) {
    long ms = time.toMillis();
    return ms % 1_000 == 0 ? ms / 1_000 + " s" : ms + " ms";
  }

  // --- the end

  /** Closes both; the broker takes it for a lost connection, and sends the browser's will. */
  void close(CloseCode code, String reason) {
    if (closing) {
      return;
    }
    beginClosing();
    bridges.closing(this, code, reason);
    browser.resume(); // or the answer to the close would not be seen
    browser
        .close(code.code(), CloseReason.fit(reason))
        .onFailure(error -> bridges.gone(this, error));
    broker.resume();
    broker.close().onFailure(error -> bridges.gone(this, error));
  }

  private void beginClosing() {
    if (!closing) {
      bridges.release(heldBytes);
      closing = true;
      closingNanos = System.nanoTime();
    }
  }

  private void cut() {
    ChannelFuture unused = ((WebSocketInternal) browser).channelHandlerContext().close();
    unused = ((NetSocketInternal) broker).channelHandlerContext().close();
    browserGone = true;
    brokerGone = true;
    endIfGone();
  }

  private void endIfGone() {
    if (browserGone && brokerGone) {
      bridges.ended(this);
    }
  }
}
