package io.spillway.uplink;

import io.spillway.bus.Batch;
import io.spillway.message.Lines;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * For servers that know no subprotocol: a batch is a JSON array, and behind each goes a ping that
 * names it. The pong says that the server has read that far (RFC 6455 section 5.5.3: it may answer
 * only the latest of several pings), which is as much as such a server can say.
 */
final class PlainExchange implements Exchange {
  private static final int WINDOW = 8;

  private final Outbox outbox;
  private final Consumer<String> send;
  private final Consumer<Buffer> ping;
  private final Listener listener;
  private final Deque<Long> inFlight = new ArrayDeque<>();
  private long sendNext;

  PlainExchange(Outbox outbox, Consumer<String> send, Consumer<Buffer> ping, Listener listener) {
    this.outbox = outbox;
    this.send = send;
    this.ping = ping;
    this.listener = listener;
  }

  @Override
  public void pump() {
    while (inFlight.size() < WINDOW) {
      Batch batch = outbox.beyond(sendNext);
      if (batch == null) {
        return;
      }
      int known = (int) Math.max(0, sendNext - batch.first());
      if (known < batch.lines().count()) { // the batch that announces the edge has none
        send.accept(array(batch.lines().skip(known)));
      }
      sendNext = batch.next();
      inFlight.addLast(sendNext);
      ping.accept(Buffer.buffer(Long.toString(sendNext)));
    }
  }

  /** Whatever a plain server has to say, it is not for us. */
  @Override
  public void text(String message) {}

  @Override
  public void pong(Buffer payload) {
    String named = payload.toString(StandardCharsets.UTF_8);
    if (named.isEmpty() || !inFlight.contains(parse(named))) {
      return;
    }
    long next = parse(named);
    while (!inFlight.isEmpty() && inFlight.peekFirst() <= next) {
      inFlight.removeFirst();
    }
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
