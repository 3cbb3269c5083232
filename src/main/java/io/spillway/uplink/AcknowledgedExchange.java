package io.spillway.uplink;

import io.spillway.bus.Batch;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Loss;
import io.spillway.message.Lines;
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
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code spillway.v1}: hello, welcome, then batches from where the server says, as many
 * unacknowledged as it allows.
 */
final class AcknowledgedExchange implements Exchange {
  private static final Logger log = LoggerFactory.getLogger(AcknowledgedExchange.class);

  /** Room for the header line of a message. */
  private static final int HEADER_BYTES = 128;

  private final Outbox outbox;
  private final Consumer<String> send;
  private final Listener listener;

  /** The sequence number behind each message that is not acknowledged. */
  private final Deque<Long> inFlight = new ArrayDeque<>();

  private Hello hello;
  private Welcome welcome;
  private long sendNext;
  private long acknowledged;

  /** The lowest sequence number that may be rejected yet. */
  private long rejectable;

  AcknowledgedExchange(Outbox outbox, Consumer<String> send, Listener listener) {
    this.outbox = outbox;
    this.send = send;
    this.listener = listener;
  }

  @Override
  public void pump() {
    if (isOfAnotherEpoch()) {
      return;
    }
    if (hello == null) {
      hello = outbox.hello();
      if (hello != null) {
        send.accept(Wire.encode(hello));
      }
    }
    if (welcome != null) {
      outbox.announced();
    }
    while (welcome != null && inFlight.size() < welcome.window()) {
      Batch batch = outbox.beyond(sendNext);
      if (batch == null || !sendFrom(batch)) {
        return;
      }
    }
  }

  @Override
  public void text(String message) {
    if (isOfAnotherEpoch()) {
      return;
    }
    try {
      WireMessage decoded = Wire.decode(message.getBytes(StandardCharsets.UTF_8));
      if (decoded instanceof Welcome first && welcome == null && hello != null) {
        welcome(first);
      } else if (decoded instanceof Ack ack && welcome != null) {
        acknowledged(ack.next());
      } else if (decoded instanceof Reject reject && welcome != null) {
        rejected(reject);
      } else {
        distrust("it sends \"" + Wire.typeOf(decoded) + "\", which is not expected now");
      }
    } catch (WireException e) {
      distrust("it does not speak " + Wire.SUBPROTOCOL + ": " + e.getMessage());
    }
  }

  @Override
  public void pong(Buffer payload) {}

  /**
   * An epoch of which the server knows a key can be gone on with by nobody who has none: what waits
   * of it is no loss under other numbers, and here it would wait for ever.
   */
  @Override
  public void closed(Short code, String reason) {
    boolean keyless = hello != null && hello.key() == null && welcome == null;
    if (keyless && !isOfAnotherEpoch() && CloseReason.isOfKey(code, reason)) {
      outbox.ahead(
          "the server knows a key of %s.%s, and key.json and key.copy.json are not there"
              .formatted(hello.edge(), hello.epoch()));
    }
  }

  @Override
  public int unacknowledged() {
    return hello != null && welcome == null ? 1 : inFlight.size();
  }

  /**
   * The numbers of an epoch mean nothing in another: what is still said of those of before would
   * acknowledge what nobody has sent.
   */
  private boolean isOfAnotherEpoch() {
    if (hello == null || hello.epoch().equals(outbox.epoch())) {
      return false;
    }
    listener.abandon("a new spool: hello again");
    return true;
  }

  private void welcome(Welcome first) {
    if (first.next() < hello.first()) {
      distrust(
          "it is at %d of %s.%s, which holds nothing below %d any more"
              .formatted(first.next(), hello.edge(), hello.epoch(), hello.first()));
      return;
    }
    long reach = outbox.reach(hello.first());
    if (Outbox.isAhead(first.next(), reach)) {
      ahead(first.next(), reach);
      return;
    }
    outbox.reached(first.next());
    long lostTo = Math.min(hello.assured(), hello.first());
    if (first.lostFrom() > 0 && first.lostFrom() < lostTo) { // else it says what cannot be
      String epoch = hello.edge() + '.' + hello.epoch();
      listener.lost(new Loss(epoch, first.lostFrom(), hello.assuredFrom(), lostTo, hello.first()));
    }
    outbox.assured(first.next());
    welcome = first;
    sendNext = first.next();
    acknowledged = first.next();
    rejectable = first.next();
    log.info(
        "[uplink] {}.{} goes on at {} (window {})",
        hello.edge(),
        hello.epoch(),
        first.next(),
        first.window());
    if (first.statusMs() > 0) {
      listener.statusWanted(first.statusMs(), first.maxBytes());
    }
    listener.welcomed(first.next());
  }

  /** Nothing is believed of it but that these numbers cannot be gone on with. */
  private void ahead(long next, long reach) {
    listener.distrust(outbox.ahead(next, reach) + "; what waits goes under new numbers");
  }

  /** One that says nothing new is no progress: a server that stores nothing may repeat it. */
  private void acknowledged(long next) {
    if (next > sendNext) {
      distrust("it acknowledges up to %d, and was sent up to %d".formatted(next, sendNext));
    } else if (next > acknowledged) {
      acknowledged = next;
      outbox.assured(next);
      while (!inFlight.isEmpty() && inFlight.peekFirst() <= next) {
        inFlight.removeFirst();
      }
      listener.acknowledged(next);
    }
  }

  /** Each one once, in order, and of what was sent: so there are no more of them than records. */
  private void rejected(Reject reject) {
    if (reject.seq() < rejectable || reject.seq() >= sendNext) {
      distrust("it rejects %d, which it was not sent now".formatted(reject.seq()));
    } else {
      rejectable = reject.seq() + 1;
      listener.rejected(reject.seq(), reject.reason());
    }
  }

  private void distrust(String what) {
    listener.distrust(
        "the server breaks the protocol: " + what + "; the link is dropped, and nothing let go of");
  }

  /** Sends one message of what the server has not been sent of this batch; false: not now. */
  private boolean sendFrom(Batch batch) {
    if (batch.first() > sendNext) {
      return missing(batch);
    }
    Lines rest = batch.lines().skip((int) (sendNext - batch.first()));
    int fitting = fitting(rest);
    Lines part = fitting == rest.count() ? rest : rest.limit(fitting);
    if (part.isEmpty() && !inFlight.isEmpty()) {
      return false; // first what lies before it has to be acknowledged
    }
    if (part.isEmpty() && sendNext > batch.first()) {
      outbox.stopAt(sendNext); // so that a batch begins with the record that is too large
      return false;
    }
    if (part.isEmpty()) {
      outbox.failAll(BusFailure.TOO_LARGE.because(tooLarge(rest)));
      return false;
    }
    send.accept(Wire.encode(new BatchMessage(sendNext, part)));
    sendNext += part.count();
    outbox.reached(sendNext);
    inFlight.addLast(sendNext);
    return true;
  }

  /** Something below the batch is not here: it comes yet, or the edge does not hold it any more. */
  private boolean missing(Batch batch) {
    if (!inFlight.isEmpty()) {
      return false;
    }
    if (batch.oldest() > sendNext && batch.isAsking()) {
      outbox.stopAt(sendNext); // which it notes before the server is told to step over the rest
    } else if (batch.oldest() > sendNext && welcome.skips()) {
      skip(batch.oldest());
      return true;
    } else if (batch.oldest() > sendNext) {
      String why =
          "the spool begins at %d, the server is at %d: hello again"
              .formatted(batch.oldest(), sendNext);
      listener.helloAgain(why); // of one that knows no skip: behind every record set aside
    } else {
      outbox.failAll(BusFailure.GAP.because("the server expects " + sendNext));
    }
    return false;
  }

  /**
   * The edge does not hold what is below: at once, as a new hello may come too late for the next.
   */
  private void skip(long next) {
    send.accept(Wire.encode(new Skip(sendNext, next - sendNext)));
    sendNext = next;
    outbox.reached(next);
    inFlight.addLast(next);
  }

  private String tooLarge(Lines rest) {
    return "record %d has %,d bytes, and a message to this server, of at most %,d, has room for %,d"
        .formatted(
            sendNext,
            rest.endOfLine(rest.from()) - rest.from(),
            welcome.maxBytes(),
            welcome.maxBytes() - HEADER_BYTES);
  }

  /** How many lines fit into one message of the size that the server takes. */
  private int fitting(Lines lines) {
    int room = welcome.maxBytes() - HEADER_BYTES;
    if (lines.length() <= room && lines.count() <= welcome.maxRecords()) {
      return lines.count();
    }
    int count = 0;
    int end = lines.from();
    while (count < Math.min(lines.count(), welcome.maxRecords())) {
      end = lines.endOfLine(end);
      if (end - lines.from() > room) {
        break;
      }
      count++;
    }
    return count;
  }
}
