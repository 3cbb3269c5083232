package io.spillway.bus;

/**
 * Whose records these are.
 *
 * @param edge its name
 * @param epoch of its spool; random, and new when the spool is
 * @param key what proves to a server that they come from that spool: 32 hex digits, made with the
 *     epoch and in no record; null for a spool from before there were keys
 * @param acknowledged a server has acknowledged records of this epoch, so that from then on one
 *     which gives no acknowledgements is not believed by itself
 */
public record Origin(String edge, String epoch, String key, boolean acknowledged) {

  /** Without the key, which is for the server alone. */
  @Override
  public String toString() {
    return edge + '.' + epoch;
  }

  void encode(WireWriter out) {
    out.text(edge).text(epoch).text(key == null ? "" : key).flag(acknowledged);
  }

  static Origin decode(WireReader in) {
    String edge = in.text();
    String epoch = in.text();
    String key = in.text();
    return new Origin(edge, epoch, key.isEmpty() ? null : key, in.flag());
  }
}
