package io.spillway.rabbit;

import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;
import io.spillway.config.RabbitConfig;
import io.spillway.message.EventWriter;
import io.spillway.message.Lines;
import io.spillway.message.Rejected;
import io.spillway.message.RejectedPayload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Neighbouring messages of one link that are stored, and then acknowledged, together. */
final class EventChunk {
  private final RabbitLink link;
  private final List<Delivery> deliveries;
  private final long bytes;

  private List<Rejected> rejected = List.of();
  private List<String> ids = List.of();
  private Lines lines = Lines.NONE;
  private int known;
  private boolean rejectedKept;

  EventChunk(RabbitLink link, List<Delivery> deliveries) {
    this.link = link;
    this.deliveries = deliveries;
    this.bytes = deliveries.stream().mapToLong(Delivery::size).sum();
  }

  /**
   * Forms a chunk that goes nowhere, so that the classes for it are loaded: the first event of all
   * would wait some 20 ms for that else.
   */
  static void warmUp(RabbitConfig config) {
    byte[] body = "{\"data\":[{}]}".getBytes(StandardCharsets.UTF_8);
    Envelope envelope = new Envelope(1, false, config.exchange(), "warm.up");
    Delivery delivery = Delivery.of(config, envelope, MessageProperties.BASIC, body, "warm.up", 0);
    new EventChunk(null, List.of(delivery)).form(new EventWriter(), new StoredIds());
  }

  /** Makes records of the messages, but for those that are stored already. */
  void form(EventWriter writer, StoredIds stored) {
    List<Rejected> refused = new ArrayList<>();
    List<String> fresh = new ArrayList<>();
    Lines.Builder out = new Lines.Builder((int) Math.min(bytes + 1024, 1 << 20));
    StoredIds here = new StoredIds(Integer.MAX_VALUE); // one id twice in one chunk
    known = 0;
    for (Delivery delivery : deliveries) {
      int before = fresh.size();
      try {
        delivery.check();
        known +=
            writer.write(
                delivery.event(), id -> stored.contains(id) || here.contains(id), out, fresh);
        here.addAll(fresh.subList(before, fresh.size()));
      } catch (RejectedPayload e) {
        refused.add(delivery.rejected(e.getMessage()));
      }
    }
    rejected = refused;
    ids = fresh;
    lines = out.build();
  }

  /** What cannot become a record and is not kept aside yet. */
  List<Rejected> unkept() {
    return rejectedKept ? List.of() : rejected;
  }

  /** All that cannot become a record is kept aside, and need not be again. */
  void rejectedAreKept() {
    rejectedKept = true;
  }

  RabbitLink link() {
    return link;
  }

  List<Rejected> rejected() {
    return rejected;
  }

  List<String> ids() {
    return ids;
  }

  Lines lines() {
    return lines;
  }

  /** How many records were left out because they are stored already. */
  int known() {
    return known;
  }

  int messages() {
    return deliveries.size();
  }

  long bytes() {
    return bytes;
  }

  /** The tag that acknowledges all of it. */
  long lastTag() {
    return deliveries.get(deliveries.size() - 1).tag();
  }
}
