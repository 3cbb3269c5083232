package io.spillway.bus;

/**
 * The answer to a {@link Batch}, which is named by edge, epoch and first sequence number.
 *
 * @param next the server has everything below. It may lie within the batch: then the rest is to be
 *     sent again, from there
 * @param acknowledged the server has said so itself, in {@code spillway.v1}
 * @param assured below it a server had everything, as it has said itself, though its data may have
 *     been put back since; 1 if none has said so
 */
public record Forwarded(
    String edge, String epoch, long first, long next, boolean acknowledged, long assured) {
  void encode(WireWriter out) {
    out.text(edge).text(epoch).number(first).number(next).flag(acknowledged);
    out.number(assured); // not in 0.2
  }

  static Forwarded decode(WireReader in) {
    return new Forwarded(
        in.text(), in.text(), in.number(), in.number(), in.flag(), in.hasMore() ? in.number() : 1);
  }
}
