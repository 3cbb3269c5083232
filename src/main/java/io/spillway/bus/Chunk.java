package io.spillway.bus;

import io.spillway.message.Lines;
import io.spillway.message.Rejected;
import io.spillway.redelivery.Habit;
import java.util.List;

/**
 * What a source received in one go, in order.
 *
 * @param id random, and the same when the chunk is sent again
 * @param again it may have been stored already, as a whole or up to some message: the first request
 *     had no answer, or was refused when a part of it was stored
 * @param lines the records, without {@code _id}
 * @param arrivals one per message, and one per release of a packet identifier
 * @param rejected the messages that are no records
 * @param newSession the broker has begun a new session before the first of them: packet identifiers
 *     of older messages mean nothing any more
 * @param readOn where they were read
 */
public record Chunk(
    long id,
    boolean again,
    Lines lines,
    List<Arrival> arrivals,
    List<Rejected> rejected,
    boolean newSession,
    ReadOn readOn) {

  /** The same chunk, to be sent once more. */
  public Chunk repeated() {
    return new Chunk(id, true, lines, arrivals, rejected, newSession, readOn);
  }

  void encode(WireWriter out) {
    out.number(id)
        .flag(again)
        .lines(lines)
        .each(
            arrivals,
            a ->
                out.text(a.kind().name())
                    .number(a.packetId())
                    .number(a.fingerprint())
                    .flag(a.redelivered())
                    .number(a.records()))
        .each(
            rejected,
            r ->
                out.text(r.topic())
                    .number(r.atMs())
                    .text(r.reason())
                    .bytes(r.payload())
                    .number(r.size()))
        .flag(newSession)
        .number(readOn.connection())
        .text(readOn.habit().name())
        .number(readOn.copies());
  }

  static Chunk decode(WireReader in) {
    return new Chunk(
        in.number(),
        in.flag(),
        in.lines(),
        in.list(
            () ->
                new Arrival(
                    Arrival.Kind.valueOf(in.text()),
                    (int) in.number(),
                    in.number(),
                    in.flag(),
                    (int) in.number())),
        in.list(() -> new Rejected(in.text(), in.number(), in.text(), in.bytes(), in.number())),
        in.flag(),
        new ReadOn((int) in.number(), Habit.valueOf(in.text()), (int) in.number()));
  }
}
