package io.spillway.demo;

/**
 * The counters of the pipeline at one moment, and the line that the demo prints of them.
 *
 * @param atMs when they were read, by the monotonic clock
 * @param received messages that the edge has taken from the broker
 * @param queued records in the spool that the server has not acknowledged
 * @param acknowledged records that the server has acknowledged to the edge
 * @param stored records in the server's journal
 */
public record FlowLine(long atMs, long received, long queued, long acknowledged, long stored) {

  /**
   * For example {@code received 120 (+12/s), queued 3, …}, without commas.
   *
   * @param before an earlier snapshot; the rate is what has been received since then
   */
  public String since(FlowLine before) {
    return "received %d (+%d/s)  queued %d  acknowledged %d  stored %d"
        .formatted(received, perSecondSince(before), queued, acknowledged, stored);
  }

  // A role that was started again counts from 0: that is no flow backwards.
  private long perSecondSince(FlowLine before) {
    long elapsedMs = atMs - before.atMs;
    long arrived = received - before.received;
    return elapsedMs <= 0 || arrived <= 0 ? 0 : Math.round(arrived * 1000.0 / elapsedMs);
  }
}
