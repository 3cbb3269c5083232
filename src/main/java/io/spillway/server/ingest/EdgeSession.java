package io.spillway.server.ingest;

import io.spillway.bus.BusFailure;
import io.spillway.bus.StoreRequest.Begin;
import io.spillway.bus.StoreRequest.Refused;
import io.spillway.bus.StoreRequest.Sequenced;
import io.spillway.bus.StoreRequest.StepOver;
import io.spillway.message.Lines;
import io.spillway.message.Names;
import io.spillway.server.part.EdgeObserver;
import io.spillway.server.part.ReceiveBudget;
import io.spillway.time.TimeSource;
import io.spillway.wire.CloseCode;
import io.spillway.wire.Wire;
import io.spillway.wire.WireException;
import io.spillway.wire.WireMessage;
import io.spillway.wire.WireMessage.Ack;
import io.spillway.wire.WireMessage.BatchMessage;
import io.spillway.wire.WireMessage.Hello;
import io.spillway.wire.WireMessage.Reject;
import io.spillway.wire.WireMessage.Skip;
import io.spillway.wire.WireMessage.Welcome;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** An edge, in acknowledged mode: hello, then batches, of which each is stored before its ack. */
final class EdgeSession extends Session {
  /**
   * Batches that may be unacknowledged: with 100 records each and 100 ms there and back, 32,000/s.
   */
  private static final int WINDOW = 32;

  private static final int RECORDS_MAX = 1_000;

  /** Of those that have said hello. */
  private static final AtomicLong SESSIONS = new AtomicLong();

  private final EdgeSessions sessions;
  private final LineCheck check;
  private final Predicate<String> allowed;
  private final int messageBytesMax;
  private Hello hello;

  /** Which of those it is: the store takes nothing of an older one of the same edge and epoch. */
  private long session;

  private EdgeObserver.Link link;
  private boolean welcomed;
  private long acknowledged;

  /**
   * @param allowed whether an edge of this name may come with the token
   */
  EdgeSession(
      Vertx vertx,
      ServerWebSocket socket,
      int messageBytesMax,
      IngestMetrics metrics,
      ReceiveBudget budget,
      TimeSource time,
      EdgeSessions sessions,
      LineCheck check,
      Predicate<String> allowed) {
    super(vertx, socket, messageBytesMax, metrics, budget, time);
    this.messageBytesMax = messageBytesMax;
    this.sessions = sessions;
    this.check = check;
    this.allowed = allowed;
  }

  @Override
  void message(byte[] bytes) {
    metrics.message();
    if (link != null && Wire.isStatus(bytes)) { // whatever is in it, records go on
      link.status(bytes);
      return;
    }
    try {
      WireMessage message = Wire.decode(bytes);
      if (message instanceof Hello first && hello == null) {
        if (isAllowed(first.edge())) {
          begin(first);
        }
      } else if (message instanceof BatchMessage batch && welcomed) {
        store(batch, bytes.length);
      } else if (message instanceof Skip skip && welcomed && hello.skips()) {
        stepOver(skip);
      } else {
        close(CloseCode.POLICY, "not expected now: " + Wire.typeOf(message));
      }
    } catch (WireException e) {
      close(CloseCode.POLICY, e.getMessage());
    }
  }

  @Override
  void heard() {
    if (link != null) {
      link.heard();
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

  @Override
  void rightsChanged() {
    if (hello != null) {
      isAllowed(hello.edge());
    }
  }

  /** Closes if it is not. */
  private boolean isAllowed(String edge) {
    String why = null;
    if (Names.isReserved(edge)) {
      why = "no edge may be called " + edge + ": a part of the server is";
    } else if (!allowed.test(edge)) {
      why = "the token is not for edge " + edge + ": see edges of the token";
    }
    if (why != null) {
      sessions.forbidden(edge, why);
      close(CloseCode.FORBIDDEN, why);
    }
    return why == null;
  }

  /** It takes the place of an older connection only when it has proved to be the same edge. */
  private void begin(Hello first) {
    hello = first;
    session = SESSIONS.incrementAndGet();
    store(beginning(first), 0)
        .onSuccess(
            stored -> {
              if (isClosed()) {
                return;
              }
              link = sessions.enter(this);
              welcomed = true;
              acknowledged = stored.next();
              link.stored(acknowledged);
              send(Wire.encode(welcome(stored.lostFrom())));
            })
        .onFailure(
            error -> {
              if (BusFailure.of(error) == BusFailure.FORBIDDEN) {
                sessions.forbidden(first.edge(), error.getMessage());
              }
              refused(error);
            });
  }

  private Begin beginning(Hello first) {
    long held = Math.max(1, first.first());
    return new Begin(
        first.edge(),
        first.epoch(),
        held,
        first.key(),
        first.assured(),
        first.assuredFrom(),
        session);
  }

  private Welcome welcome(long lostFrom) {
    return new Welcome(
        acknowledged,
        WINDOW,
        RECORDS_MAX,
        messageBytesMax,
        link.statusEveryMs(),
        lostFrom,
        hello.skips());
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

  private void stepOver(Skip skip) {
    long next = skip.first() + skip.count();
    store(new StepOver(hello.edge(), hello.epoch(), skip.first(), next, hello.key(), session), 0)
        .onSuccess(stored -> acknowledge(stored.next(), next))
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
    return new Sequenced(
        hello.edge(), hello.epoch(), batch.first(), good, result.refused(), hello.key(), session);
  }
}
