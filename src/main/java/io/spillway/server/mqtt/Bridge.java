package io.spillway.server.mqtt;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.spillway.config.GatewayConfig;
import io.spillway.net.LatestPing;
import io.spillway.server.auth.Grant;
import io.spillway.server.part.FrameFault;
import io.spillway.server.part.ReadGate;
import io.spillway.server.part.SocketEnd;
import io.spillway.time.TimeSource;
import io.spillway.wire.CloseCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.time.Duration;

/**
 * One browser and its connection to the broker. Used on one event loop only.
 *
 * <p>Neither of the two is read while too much waits for the other. A browser that takes nothing
 * although something waits for it is given up after a while, and so is a broker.
 */
final class Bridge implements PacketFilter.Outlet {
  private final Bridges bridges;
  private final GatewayConfig config;
  final String peer;
  final Grant grant;
  private final ServerWebSocket browser;
  private final NetSocket broker;
  private final PacketFilter filter;
  private final TimeSource time;
  private final BridgeWatch watch;
  private final ReadGate browserGate =
      ReadGate.answering(this::heard, () -> {}) // the watch closes it, which hears nothing of it
          .onWritable(this::goOn);
  private final ReadGate brokerGate = ReadGate.counting(bytes -> {}).onWritable(this::goOn);

  private final EndOfTurn sending;
  private final SocketEnd end;

  private Buffer toBroker = Buffer.buffer();
  private Buffer toBrowser = Buffer.buffer();
  private int heldBytes;
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
      PacketFilter filter,
      TimeSource time) {
    this.bridges = bridges;
    this.config = config;
    this.peer = peer;
    this.grant = grant;
    this.browser = browser;
    this.broker = broker;
    this.filter = filter;
    this.time = time;
    sending = new EndOfTurn(channel(browser), this::send);
    end = SocketEnd.of(browser, this::unreadable);
    watch = new BridgeWatch(config.connect(), config.ping(), config.idle(), time.nanoTime());
  }

  /** Begins to pass on what comes. */
  void open() {
    browserGate.install(channel(browser));
    brokerGate.install(channel(broker));
    watch.toBrowser.install(channel(browser));
    watch.toBroker.install(channel(broker));
    browser.setWriteQueueMaxSize(config.queueBytes());
    LatestPing.of(browser, payload -> {});
    browser.frameHandler(this::frame);
    browser.exceptionHandler(error -> {}); // what breaks a connection also ends it
    browser.closeHandler(closed -> browserGone());
    broker.setWriteQueueMaxSize(config.queueBytes());
    broker.handler(this::fromBroker);
    broker.exceptionHandler(error -> {}); // as above
    broker.endHandler(ended -> brokerEnded());
    broker.closeHandler(closed -> brokerGone());
    broker.resume();
  }

  private void reading(boolean on) {
    browserGate.reading(on);
    brokerGate.reading(on);
  }

  private static Channel channel(ServerWebSocket socket) {
    return ((WebSocketInternal) socket).channelHandlerContext().channel();
  }

  private static Channel channel(NetSocket socket) {
    return ((NetSocketInternal) socket).channelHandlerContext().channel();
  }

  // --- from the browser

  private void heard(int bytes) {
    watch.heard(time.nanoTime());
  }

  private void frame(WebSocketFrame frame) {
    if (watch.isClosing()) {
      return;
    }
    if (frame.isText()) {
      close(CloseCode.UNSUPPORTED, "text; MQTT goes in binary frames");
    } else if (frame.isBinary() || frame.isContinuation()) {
      pass(() -> filter.fromBrowser(frame.binaryData().getBytes(), this));
      sending.want();
    }
  }

  private void unreadable(CloseCode code) {
    close(code, FrameFault.reason(code, "a packet is larger than this server takes"));
  }

  private void browserGone() {
    send(); // its goodbye, for one
    browserGone = true;
    beginClosing();
    broker.close().onFailure(error -> bridges.gone(this, error));
    endIfGone();
  }

  // --- from the broker

  private void fromBroker(Buffer bytes) {
    if (!watch.isClosing()) {
      pass(() -> filter.fromBroker(bytes.getBytes(), this));
      send();
    }
  }

  private void brokerEnded() {
    if (filter.isOver()) {
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
  private void pass(Step step) {
    Violation violation = null;
    long packets = filter.browserPackets();
    boolean between = !filter.isUnfinished();
    try {
      step.run();
      account();
    } catch (Violation e) {
      violation = e;
    }
    if (between || packets != filter.browserPackets()) {
      watch.packetBegins(time.nanoTime());
    }
    if (violation != null) {
      close(violation.code(), violation.getMessage());
    }
  }

  private void account() throws Violation {
    int more = filter.heldBytes() - heldBytes;
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
    if (noteIfFull() && !watch.isClosing()) { // or the answer to a close would not be seen
      reading(false);
    }
  }

  /** By bytes, as Vert.x' queues count messages. Our own answers go to the browser, too. */
  private boolean noteIfFull() {
    boolean browserFull = !browser.isClosed() && !browserGate.isWritable();
    boolean brokerFull = !brokerGone && !brokerGate.isWritable();
    watch.full(browserFull, brokerFull, time.nanoTime());
    return watch.isFull();
  }

  private void goOn() {
    if (!noteIfFull()) {
      reading(true);
    }
  }

  // --- as time passes

  /** Whether the browser has more waiting for it than it should. */
  boolean isWaitedFor() {
    return watch.isBrowserFull();
  }

  /**
   * Looks whether both are still there; from time to time.
   *
   * @param slow how long a side may take nothing
   */
  void look(long nowNanos, Duration slow) {
    watch.toBrowser.look(nowNanos, channel(browser));
    watch.toBroker.look(nowNanos, channel(broker));
    noteIfFull();
    BridgeWatch.Verdict verdict = watch.look(nowNanos, slow, filter);
    switch (verdict.action()) {
      case PING -> browser.writePing(Buffer.buffer()).onFailure(error -> bridges.gone(this, error));
      case CLOSE -> {
        if (verdict.code() == CloseCode.TOO_SLOW) {
          bridges.slow(this);
        }
        close(verdict.code(), verdict.reason());
      }
      case CUT -> cut();
      case NOTHING -> {
        // both get on
      }
    }
  }

  // --- the end

  /** Closes both; the broker takes it for a lost connection, and sends the browser's will. */
  void close(CloseCode code, String reason) {
    if (!beginClosing()) {
      return;
    }
    send();
    bridges.closing(this, code, reason);
    reading(true); // or the answer to the close would not be seen
    end.close(code, reason, error -> bridges.gone(this, error));
    broker.close().onFailure(error -> bridges.gone(this, error));
  }

  private boolean beginClosing() {
    boolean first = watch.close(time.nanoTime());
    if (first) {
      bridges.release(heldBytes);
    }
    return first;
  }

  private void cut() {
    end.cut();
    ChannelFuture unused = channel(broker).close();
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
