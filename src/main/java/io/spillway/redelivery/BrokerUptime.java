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
 */
record BrokerUptime(int since, Moment begun, int provenSince, Moment proven) {
  static final int BYTES = 2 * (Integer.BYTES + Moment.BYTES);

  /** A session that begins with this connection, or none yet. */
  static BrokerUptime from(int connection, Moment at) {
    return new BrokerUptime(connection, at, connection, at);
  }

  /**
   * What is known on the next connection.
   *
   * @param upMs for how long the broker says that it has been running; negative if it does not
   */
  BrokerUptime next(int connection, Moment at, long upMs) {
    if (upMs < 0) {
      return new BrokerUptime(connection, at, provenSince, proven);
    }
    if (upMs >= at.since(proven)) {
      return new BrokerUptime(provenSince, at, provenSince, at);
    }
    return upMs >= at.since(begun) ? new BrokerUptime(since, at, since, at) : from(connection, at);
  }

  void write(ByteBuffer out) {
    out.putInt(since);
    begun.write(out);
    out.putInt(provenSince);
    proven.write(out);
  }

  static BrokerUptime read(ByteBuffer in) {
    return new BrokerUptime(in.getInt(), Moment.read(in), in.getInt(), Moment.read(in));
  }
}
