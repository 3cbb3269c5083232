package io.spillway.server.ingest;

import io.spillway.bus.StoreRequest.Begin;
import io.spillway.bus.StoreRequest.Refused;
import io.spillway.bus.StoreRequest.Sequenced;
import io.spillway.message.Lines;
import io.spillway.server.part.EdgeObserver;
import io.spillway.wire.CloseCode;
import io.spillway.wire.Wire;
import io.spillway.wire.WireException;
import io.spillway.wire.WireMessage;
import io.spillway.wire.WireMessage.Ack;
import io.spillway.wire.WireMessage.BatchMessage;
import io.spillway.wire.WireMessage.Hello;
import io.spillway.wire.WireMessage.Reject;
import io.spillway.wire.WireMessage.Welcome;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;

/** An edge, in acknowledged mode: hello, then batches, of which each is stored before its ack. */
final class EdgeSession extends Session {
  /**
   * Batches that may be unacknowledged: with 100 records each and 100 ms there and back, 32,000/s.
   */
  private static final int WINDOW = 32;

  private static final int RECORDS_MAX = 1_000;

  private final EdgeSessions sessions;
  private final LineCheck check;
  private final int messageBytesMax;
  private Hello hello;
  private EdgeObserver.Link link;
  private boolean welcomed;
  private long acknowledged;

  EdgeSession(
      Vertx vertx,
      ServerWebSocket socket,
      int messageBytesMax,
      IngestMetrics metrics,
      EdgeSessions sessions,
      LineCheck check) {
    super(vertx, socket, messageBytesMax, metrics);
    this.messageBytesMax = messageBytesMax;
    this.sessions = sessions;
    this.check = check;
  }

  @Override
  void message(byte[] bytes) {
    metrics.message();
    if (link != null) {
      link.heard();
      if (Wire.isStatus(bytes)) { // whatever is in it, records go on
        link.status(bytes);
        return;
      }
    }
    try {
      WireMessage message = Wire.decode(bytes);
      if (message instanceof Hello first && hello == null) {
        begin(first);
      } else if (message instanceof BatchMessage batch && welcomed) {
        store(batch, bytes.length);
      } else {
        close(CloseCode.POLICY, "not expected now: " + message.getClass().getSimpleName());
      }
    } catch (WireException e) {
      close(CloseCode.POLICY, e.getMessage());
    }
  }

  /** The edge and epoch that said hello, or null. */
  Hello hello() {
    return hello;
  }

  /** What is known of the edge that said hello, or null. */
  EdgeObserver.Link link() {
    return link;
  }

  private void begin(Hello first) {
    hello = first;
    link = sessions.enter(this);
    store(new Begin(first.edge(), first.epoch(), Math.max(1, first.first())), 0)
        .onSuccess(
            stored -> {
              welcomed = true;
              acknowledged = stored.next();
              link.stored(acknowledged);
              send(Wire.encode(welcome()));
            })
        .onFailure(this::refused);
  }

  private Welcome welcome() {
    return new Welcome(acknowledged, WINDOW, RECORDS_MAX, messageBytesMax, link.statusEveryMs());
  }

  private void store(BatchMessage batch, int bytes) {
    Sequenced request = checked(batch);
    store(request, bytes)
        .onSuccess(
            stored -> {
              for (Refused refused : request.refused()) {
                send(Wire.encode(new Reject(refused.seq(), refused.rejected().reason())));
              }
              acknowledge(stored.next(), request.next());
            })
        .onFailure(this::refused);
  }

  // Also for a batch that was here already: its sender waits for an answer.
  private void acknowledge(long next, long batchNext) {
    if (next > acknowledged || batchNext <= acknowledged) {
      acknowledged = next;
      link.stored(next);
      send(Wire.encode(new Ack(next)));
    }
  }

  private Sequenced checked(BatchMessage batch) {
    LineCheck.Result result =
        check.check(hello.edge(), hello.epoch(), batch.first(), batch.lines());
    Lines good = result.good();
    return new Sequenced(hello.edge(), hello.epoch(), batch.first(), good, result.refused());
  }
}
