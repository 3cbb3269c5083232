package io.spillway.bus;

/**
 * Asks the store for records.
 *
 * @param from the first offset wanted
 * @param maxRecords 0 asks only where the journal begins and ends
 * @param maxBytes a single longer record comes alone
 */
public record ReadRequest(long from, int maxRecords, int maxBytes) {
  /** Only where the journal begins and ends. */
  public static final ReadRequest POSITION = new ReadRequest(Long.MAX_VALUE, 0, 0);
}
