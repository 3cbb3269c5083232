package io.spillway.redelivery;

import java.nio.ByteBuffer;

/**
 * Since which connection the broker is known to have been running without a break. A broker that
 * does not say how long it has been running, such as over a link that breaks at once, proves
 * nothing on that connection; the next answer may prove it for all of them.
 *
 * @param since on the present connection: since the CONNECT of this one
 * @param begun when the present connection began
 * @param provenSince the same when the broker was last known to be running
 * @param proven when that was
 * @param provenUpMs for how long the broker said then that it had been running; negative if it did
 *     not say
 */
record BrokerUptime(int since, Moment begun, int provenSince, Moment proven, long provenUpMs) {
  static final int BYTES = 2 * (Integer.BYTES + Moment.BYTES) + Long.BYTES;

  /**
   * Mosquitto says it every {@code sys_interval}, 10 s by default: that old may be what is read.
   */
  private static final long SAME_WITHIN_MS = 60_000;

  /** A session that begins with this connection, or none yet. */
  static BrokerUptime from(int connection, Moment at, long upMs) {
    return new BrokerUptime(connection, at, connection, at, upMs);
  }

  /**
   * What is known on the next connection.
   *
   * @param upMs for how long the broker says that it has been running; negative if it does not
   */
  BrokerUptime next(int connection, Moment at, long upMs) {
    if (upMs < 0) {
      return new BrokerUptime(connection, at, provenSince, proven, provenUpMs);
    }
    if (upMs >= at.since(proven)) {
      return isOfThatBroker(at, upMs)
          ? new BrokerUptime(provenSince, at, provenSince, at, upMs)
          : from(connection, at, upMs);
    }
    return upMs >= at.since(begun)
        ? new BrokerUptime(since, at, since, at, upMs)
        : from(connection, at, upMs);
  }

  /**
   * Behind one address two brokers may answer in turn, each with sessions of its own. What one of
   * them has said is as much older now as the time that has passed, by one clock or the other.
   */
  private boolean isOfThatBroker(Moment at, long upMs) {
    long older = upMs - provenUpMs;
    return provenUpMs < 0
        || Math.abs(older - (at.monotonicMs() - proven.monotonicMs())) <= SAME_WITHIN_MS
        || Math.abs(older - (at.wallMs() - proven.wallMs())) <= SAME_WITHIN_MS;
  }

  void write(ByteBuffer out) {
    out.putInt(since);
    begun.write(out);
    out.putInt(provenSince);
    proven.write(out);
    out.putLong(provenUpMs);
  }

  static BrokerUptime read(ByteBuffer in) {
    return new BrokerUptime(
        in.getInt(), Moment.read(in), in.getInt(), Moment.read(in), in.getLong());
  }
}
