package io.spillway.replay;

import io.netty.handler.codec.DecoderException;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.net.LatestPing;
import io.spillway.wire.CloseCode;
import io.spillway.wire.CloseReason;
import io.spillway.wire.Wire;
import io.spillway.wire.WireException;
import io.spillway.wire.WireMessage;
import io.spillway.wire.WireMessage.Ack;
import io.spillway.wire.WireMessage.BatchMessage;
import io.spillway.wire.WireMessage.Hello;
import io.spillway.wire.WireMessage.Reject;
import io.spillway.wire.WireMessage.Skip;
import io.spillway.wire.WireMessage.Welcome;
import io.vertx.core.Future;
import io.vertx.core.http.WebSocket;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One WebSocket to a server: hello, welcome, then batches and what is answered to them. */
final class ServerLink implements TargetLink {
  private static final Logger log = LoggerFactory.getLogger(ServerLink.class);

  /** Room for the header line of a message. */
  private static final int HEADER_BYTES = 128;

  /** As a server says it to the older one of two connections of one epoch. */
  private static final String TAKEN_OVER = "a newer connection of ";

  private final WebSocket socket;
  private final Hello hello;
  private final Listener listener;
  private boolean welcomed;
  private boolean over;

  ServerLink(WebSocket socket, Hello hello, Listener listener) {
    this.socket = socket;
    this.hello = hello;
    this.listener = listener;
    LatestPing.of(socket, payload -> {});
    socket.textMessageHandler(this::text);
    socket.exceptionHandler(this::unreadable);
    socket.closeHandler(closed -> ended(explain(socket.closeStatusCode(), socket.closeReason())));
    write(Wire.encode(hello));
  }

  private void text(String text) {
    if (over) {
      return;
    }
    try {
      WireMessage message = Wire.decode(text.getBytes(StandardCharsets.UTF_8));
      if (message instanceof Welcome welcome && !welcomed) {
        welcomed(welcome);
      } else if (message instanceof Ack ack && welcomed) {
        listener.acknowledged(ack.next());
      } else if (message instanceof Reject reject && welcomed) {
        listener.setAside(reject.seq(), reject.reason());
      } else {
        distrust("it sends \"" + Wire.typeOf(message) + "\", which is not expected now");
      }
    } catch (WireException e) {
      distrust("it does not speak " + Wire.SUBPROTOCOL + ": " + e.getMessage());
    }
  }

  private void welcomed(Welcome welcome) {
    if (welcome.next() < hello.first()) {
      distrust("it is at %d, and was told of %d".formatted(welcome.next(), hello.first()));
      return;
    }
    welcomed = true;
    listener.welcomed(
        welcome.next(),
        new Terms(
            welcome.window(),
            welcome.maxRecords(),
            welcome.maxBytes() - HEADER_BYTES,
            welcome.skips()));
  }

  private void distrust(String what) {
    ended(
        Ending.lasting(
            FaultKind.OTHER,
            "the server breaks the protocol: " + what + "; is it a Spillway server?"));
    close();
  }

  /** What is no frame, or too large; of a link that breaks, the close that follows says it. */
  private void unreadable(Throwable error) {
    if (error instanceof DecoderException || error instanceof IllegalStateException) {
      ended(
          Ending.passing(
              FaultKind.OTHER, "the server sends what is too large, or no WebSocket message"));
      close();
    }
  }

  private static Ending explain(Short code, String reason) {
    String said = reason == null || reason.isEmpty() ? "" : ": " + reason;
    if (code == null || code == 1006) {
      return Ending.passing(
          FaultKind.CUT,
          "cut without a close (1006): network, proxy or tunnel, or the server died");
    }
    if (CloseReason.isOfKey(code, reason)) {
      return Ending.lasting(
          FaultKind.CREDENTIALS,
          "the server knows this source with another key"
              + said
              + ". The key is made of the token, or of --key-file, and the source: give what was"
              + " given at the first run; or another --name, which sends all of it once more");
    }
    boolean another = code == CloseCode.GAP.code() && reason != null && said.contains(TAKEN_OVER);
    return switch (code) {
      case 1001 -> Ending.passing(FaultKind.STOPPING, "the server is stopping (1001)");
      case 1008 ->
          Ending.lasting(
              FaultKind.CREDENTIALS, "refused by the server (1008)" + said + "; check the token");
      case 1009 ->
          Ending.lasting(
              FaultKind.OTHER, "a message was over the limit of a server or proxy (1009)" + said);
      case 1013 -> new Ending(Fault.told(null, "the server cannot store now (1013)" + said), false);
      case 4403 -> Ending.lasting(FaultKind.CREDENTIALS, "not allowed by the server (4403)" + said);
      case 4409 ->
          another
              ? Ending.lasting(
                  FaultKind.OTHER, "another process replays the same source, and goes on with it")
              : Ending.passing(FaultKind.OTHER, "the server wants to begin again (4409)" + said);
      default -> Ending.passing(FaultKind.CUT, "closed by the server (" + code + ")" + said);
    };
  }

  private void ended(Ending why) {
    if (!over) {
      over = true;
      listener.ended(why);
    }
  }

  @Override
  public void send(Piece piece) {
    write(Wire.encode(new BatchMessage(piece.first(), piece.lines())));
  }

  @Override
  public void skip(long first, long next) {
    write(Wire.encode(new Skip(first, next - first)));
  }

  private void write(String text) {
    socket.writeTextMessage(text).onFailure(ServerLink::ignore); // the close handler hears of it
  }

  private void close() {
    socket.close().onFailure(ServerLink::ignore);
  }

  @Override
  public Future<Void> leave() {
    over = true;
    return socket.close(CloseCode.GOING_AWAY.code(), "the replay ends");
  }

  private static void ignore(Throwable error) {
    log.debug("[replay] on a connection that is gone: {}", error.toString());
  }
}
