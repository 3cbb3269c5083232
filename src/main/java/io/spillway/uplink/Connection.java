package io.spillway.uplink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.Loss;
import io.spillway.net.LatestPing;
import io.spillway.net.SignOfLife;
import io.spillway.wire.CloseCode;
import io.spillway.wire.Wire;
import io.spillway.wire.WireMessage.Status;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;

/** One connection, from the upgrade to its end. Every way out of it ends in {@link #ended}. */
final class Connection implements Exchange.Listener {
  private final Uplink uplink;
  private final WebSocket socket;
  private final Exchange exchange;
  private final Watchdog watchdog;
  private long statusTimer = -1;
  private boolean over;

  /** It is not listened to any more, whatever still comes. */
  private boolean abandoned;

  Connection(Uplink uplink, WebSocket socket, boolean plain) {
    this.uplink = uplink;
    this.socket = socket;
    exchange =
        plain
            ? new PlainExchange(
                uplink.outbox(),
                uplink.plainLimit(),
                this::send,
                this::ping,
                this,
                uplink::forbidsPlain)
            : new AcknowledgedExchange(uplink.outbox(), this::send, this);
    watchdog = uplink.watch(exchange, () -> ping(Buffer.buffer()), this::silent);
    SignOfLife.of(socket, watchdog::heard);
    LatestPing.of(socket, payload -> {});
    socket.textMessageHandler(text -> unlessAbandoned(() -> exchange.text(text)));
    socket.pongHandler(bytes -> unlessAbandoned(() -> exchange.pong(bytes)));
    socket.exceptionHandler(this::unreadable);
    socket.closeHandler(closed -> closed(socket.closeStatusCode(), socket.closeReason()));
  }

  /** What is no frame, or too large; of a link that breaks, the close that follows says it. */
  private void unreadable(Throwable error) {
    if (LinkTrouble.isUnreadable(error)) {
      distrust(
          "the server breaks the protocol: it sends what is too large for an edge, or no WebSocket"
              + " message; is edge.uplink.url that of a Spillway server? nothing is lost meanwhile");
    } else {
      uplink.ignore(error);
    }
  }

  /** There may be something to send. */
  void pump() {
    unlessAbandoned(exchange::pump);
  }

  private void unlessAbandoned(Runnable step) {
    if (!abandoned) {
      step.run();
    }
  }

  @Override
  public void welcomed(long next) {
    watchdog.progress();
    uplink.welcomed(next);
    pump();
  }

  @Override
  public void acknowledged(long next) {
    watchdog.acknowledged();
    uplink.acknowledged(next);
    pump();
  }

  @Override
  public void rejected(long seq, String reason) {
    uplink.rejected(seq, reason);
  }

  @Override
  public void lost(Loss loss) {
    uplink.history().lost(loss);
  }

  @Override
  public void helloAgain(String reason) {
    uplink.history().helloAgain();
    abandon(reason);
  }

  @Override
  public void statusWanted(int everyMs, int bytesMax) {
    long ms = Math.max(StatusReport.LEAST_MS, everyMs);
    statusTimer = uplink.statusEvery(ms, () -> tell(bytesMax));
  }

  /** How the edge is; not now if batches wait for the network already, or the end is near. */
  private void tell(int bytesMax) {
    Status status = uplink.statusDue(socket.isClosed() || socket.writeQueueFull());
    if (status != null) {
      socket.writeTextMessage(Wire.encode(status, bytesMax)).onFailure(uplink::ignore);
    }
  }

  /** Gives the connection up; it may be dead, so nobody waits for it to close. */
  @Override
  public void abandon(String reason) {
    abandon(new Fault(FaultKind.OTHER, reason), false);
  }

  @Override
  public void distrust(String reason) {
    abandon(new Fault(FaultKind.OTHER, reason), true);
  }

  private void silent(Fault why) {
    abandon(why, false);
  }

  private void abandon(Fault why, boolean distrusted) {
    abandoned = true;
    ended(why, distrusted);
    socket.close().onFailure(uplink::ignore);
  }

  Future<Void> goAway(String reason) {
    ended(new Fault(FaultKind.STOPPING, reason), false);
    return socket.close(CloseCode.GOING_AWAY.code(), "the edge is " + reason);
  }

  private void closed(Short code, String reason) {
    if (abandoned) {
      exchange.closed(null, null); // whatever the server says of it now
    } else {
      exchange.closed(code, reason);
    }
    boolean forbidden = code != null && code == CloseCode.FORBIDDEN.code();
    ended(uplink.explainClose(code, reason), forbidden);
  }

  private void send(String text) {
    watchdog.sent();
    socket.writeTextMessage(text).onFailure(uplink::ignore);
  }

  private void ping(Buffer payload) {
    socket.writePing(payload).onFailure(uplink::ignore);
  }

  private void ended(Fault why, boolean distrusted) {
    if (!over) {
      over = true;
      watchdog.stop();
      uplink.ended(why, distrusted, statusTimer);
    }
  }
}
