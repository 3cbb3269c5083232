package io.spillway.redelivery;

/**
 * The messages of one connection of which it is not proven that the broker has had their
 * acknowledgement. It is proven by the answer to a ping that was sent behind it: a broker reads in
 * order.
 *
 * <p>Until then a copy with the DUP flag is the same message once more, for its identifier cannot
 * have been given to another that came without it. It is not acknowledged a second time: the broker
 * might have given the identifier away in between, and would take that message for stored.
 */
public final class Unproven {
  private static final int UNANSWERED = 1;

  /** Marks: {@link #UNANSWERED}, or above it, how many pings had been sent before the answer. */
  private final IdentifierTable table = new IdentifierTable();

  private long read;
  private long answered;
  private int pings;
  private int pongs;
  private int answeredBehind;

  /** Whether this is a copy of a message of which the broker may not know yet that it is here. */
  public boolean isCopy(int identifier, boolean marked, long fingerprint) {
    return marked && table.matches(identifier, fingerprint) && !proven(table.mark(identifier));
  }

  /** A message has come that is not a copy. */
  public void read(int identifier, long fingerprint) {
    table.put(identifier, fingerprint, UNANSWERED);
    read++;
  }

  /** The acknowledgement of a message is on its way. */
  public void acknowledged(int identifier) {
    long entry = table.entry(identifier);
    table.put(identifier, entry >>> 24, UNANSWERED + 1 + pings);
    answeredBehind = pings;
    answered++;
  }

  /** Whether a ping would prove something. */
  public boolean wantsPing() {
    return answered > 0 && answeredBehind == pings;
  }

  /** A ping is on its way, behind all that was acknowledged. */
  public void pinged() {
    if (pings + UNANSWERED + 2 > IdentifierTable.MARK_MAX) {
      table.clear();
      pings = 0;
      pongs = 0;
    }
    pings++;
  }

  /** The answer to the oldest ping that had none. */
  public void answered() {
    pongs = Math.min(pongs + 1, pings);
  }

  /** Whether the broker has had the acknowledgement of all that was read. */
  public boolean isSettled() {
    return read == answered && (answered == 0 || answeredBehind < pongs);
  }

  private boolean proven(int mark) {
    return mark > UNANSWERED && mark - UNANSWERED - 1 < pongs;
  }
}
