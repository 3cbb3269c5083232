package io.spillway.bus;

/**
 * Records that a server had acknowledged to an edge, and that are not there any more. How many is
 * known within bounds: an edge notes a second late up to where a server has acknowledged, and of
 * what was acknowledged in a row with what it had dropped by policy it tells only where that ends.
 *
 * @param series edge and epoch
 * @param from the first number that is not there
 * @param assuredFrom in front of it, some may have been dropped instead, and were never there
 * @param next behind the last that is known to have been acknowledged
 * @param held the edge holds nothing below: what is in between may be missing as well
 */
public record Loss(String series, long from, long assuredFrom, long next, long held) {
  /** So many are lost at least. */
  public long least() {
    return Math.max(0, next - Math.max(from, assuredFrom));
  }

  /** Which they are, as {@code pi.3f9a: 61 to 100}, and how many if not all. */
  public String words() {
    return series + ": " + range();
  }

  /** The same without edge and epoch. */
  public String range() {
    if (assuredFrom <= from) {
      String more = held > next ? " at least, and perhaps to " + (held - 1) : "";
      return "%d to %d%s".formatted(from, next - 1, more);
    }
    long end = Math.max(next, held);
    long most = end - from;
    String some = least() == 0 ? "at most " + most : "between " + least() + " and " + most;
    return "%d to %d (%s of these, as the edge has dropped others there)"
        .formatted(from, end - 1, some);
  }
}
