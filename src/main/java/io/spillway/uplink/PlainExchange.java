package io.spillway.uplink;

import io.spillway.bus.Batch;
import io.spillway.bus.BusFailure;
import io.spillway.message.Lines;
import io.spillway.wire.CloseCode;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For servers that know no subprotocol: a batch is a JSON array, and behind each goes a ping that
 * names it. The pong says that the server has read that far (RFC 6455 section 5.5.3: it may answer
 * only the latest of several pings), which is as much as such a server can say.
 */
final class PlainExchange implements Exchange {
  private static final Logger log = LoggerFactory.getLogger(PlainExchange.class);

  private final Outbox outbox;
  private final PlainLimit limit;
  private final Consumer<String> send;
  private final Consumer<Buffer> ping;
  private final Listener listener;
  private final Function<Batch, String> forbidden;
  private final Deque<Message> inFlight = new ArrayDeque<>();
  private String epoch;
  private long sendNext;

  /**
   * A message on its way.
   *
   * @param next the sequence number behind its last record
   * @param lines its records; none in the one that announces the edge
   */
  private record Message(long next, Lines lines) {
    /** Between its brackets there is a comma for each line's end but the last. */
    static int lengthOf(Lines lines) {
      return lines.length() + 1;
    }

    int length() {
      return lengthOf(lines);
    }
  }

  /**
   * @param limit outlives the connection
   * @param forbidden why a batch must not be sent in this way; null if it may
   */
  PlainExchange(
      Outbox outbox,
      PlainLimit limit,
      Consumer<String> send,
      Consumer<Buffer> ping,
      Listener listener,
      Function<Batch, String> forbidden) {
    this.outbox = outbox;
    this.limit = limit;
    this.send = send;
    this.ping = ping;
    this.listener = listener;
    this.forbidden = forbidden;
    epoch = outbox.epoch();
    sendNext = outbox.acknowledged();
  }

  @Override
  public void pump() {
    if (isOfAnotherEpoch()) {
      return;
    }
    while (inFlight.size() < limit.window()) {
      Batch batch = outbox.beyond(sendNext);
      if (batch == null || !isAllowed(batch) || !sendFrom(batch)) {
        return;
      }
    }
  }

  /**
   * The numbers of an epoch mean nothing in another: a pong of before would acknowledge what nobody
   * has sent.
   */
  private boolean isOfAnotherEpoch() {
    if (epoch == null) {
      epoch = outbox.epoch(); // the first there is
    }
    if (Objects.equals(epoch, outbox.epoch())) {
      return false;
    }
    listener.abandon("a new spool: its numbers begin anew");
    return true;
  }

  /** Sends one message of what the server has not been sent of this batch; false: not now. */
  private boolean sendFrom(Batch batch) {
    long from = Math.max(sendNext, batch.first());
    Lines rest = batch.lines().skip((int) (from - batch.first()));
    boolean fits = Message.lengthOf(rest) <= limit.most();
    Lines part = fits ? rest : rest.limit(rest.countWithin(limit.most() - 1));
    if (part.count() == 1 && limit.isRefused(Message.lengthOf(part))) {
      giveBack(batch, from, Message.lengthOf(part));
      return false;
    }
    if (!part.isEmpty()) {
      send.accept(array(part));
    }
    sendNext = from + part.count();
    inFlight.addLast(new Message(sendNext, part));
    ping.accept(Buffer.buffer(Long.toString(sendNext)));
    return true;
  }

  /** A record that is too large is told of as the first of a batch, when all before it is there. */
  private void giveBack(Batch batch, long seq, int length) {
    if (!inFlight.isEmpty()) {
      return;
    }
    if (seq > batch.first()) {
      outbox.stopAt(seq);
    } else {
      outbox.failAll(
          BusFailure.TOO_LARGE.because(
              "record %d takes a message of %,d bytes, and the server closes at as many (1009)"
                  .formatted(seq, length)));
    }
  }

  @Override
  public void closed(Short code, String reason) {
    List<Message> suspects = inFlight.stream().filter(sent -> !sent.lines().isEmpty()).toList();
    if (code == null || code != CloseCode.TOO_BIG.code() || suspects.isEmpty()) {
      limit.forgetRefused();
      return;
    }
    Message oldest = suspects.get(0);
    int before = limit.most();
    limit.tooBig(oldest.next(), oldest.length(), oldest.lines().count(), suspects.size() == 1);
    if (limit.most() < before) {
      log.warn(
          "[uplink] the server closed at a message of {} bytes: from now on they have at most {}."
              + " Set edge.batch.maxBytes to what it takes",
          oldest.length(),
          limit.most());
    }
  }

  private boolean isAllowed(Batch batch) {
    String why = forbidden.apply(batch);
    if (why != null) {
      listener.distrust(why);
    }
    return why == null;
  }

  /** Whatever a plain server has to say, it is not for us. */
  @Override
  public void text(String message) {}

  @Override
  public void pong(Buffer payload) {
    if (isOfAnotherEpoch()) {
      return;
    }
    String named = payload.toString(StandardCharsets.UTF_8);
    long next = parse(named);
    if (inFlight.stream().noneMatch(sent -> sent.next() == next)) {
      return;
    }
    while (!inFlight.isEmpty() && inFlight.peekFirst().next() <= next) {
      inFlight.removeFirst();
    }
    limit.arrived();
    listener.acknowledged(next);
  }

  @Override
  public int unacknowledged() {
    return inFlight.size();
  }

  private static long parse(String number) {
    try {
      return Long.parseLong(number);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static String array(Lines lines) {
    byte[] text = new byte[lines.length() + 1];
    text[0] = '[';
    System.arraycopy(lines.array(), lines.from(), text, 1, lines.length());
    for (int at = 1; at < text.length; at++) {
      if (text[at] == '\n') {
        text[at] = ',';
      }
    }
    text[text.length - 1] = ']';
    return new String(text, StandardCharsets.UTF_8);
  }
}
