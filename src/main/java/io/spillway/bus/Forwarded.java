package io.spillway.bus;

/**
 * The answer to a {@link Batch}, which is named by edge, epoch and first sequence number.
 *
 * @param next the server has everything below. It may lie within the batch: then the rest is to be
 *     sent again, from there
 * @param acknowledged the server has said so itself, in {@code spillway.v1}
 */
public record Forwarded(String edge, String epoch, long first, long next, boolean acknowledged) {
  void encode(WireWriter out) {
    out.text(edge).text(epoch).number(first).number(next).flag(acknowledged);
  }

  static Forwarded decode(WireReader in) {
    return new Forwarded(in.text(), in.text(), in.number(), in.number(), in.flag());
  }
}
