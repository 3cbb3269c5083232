package io.spillway.bus;

/**
 * One message of a {@link Chunk}, as far as the spool has to know it to recognise a redelivery; or
 * the release of a packet identifier, which stands among the messages in the order of receipt.
 *
 * @param packetId 0 for QoS 0, which is never redelivered
 * @param fingerprint of packet identifier, topic and bytes
 * @param redelivered the broker says that it may have been sent before
 * @param records how many lines of the chunk it became; 0 if it was rejected
 */
public record Arrival(Kind kind, int packetId, long fingerprint, boolean redelivered, int records) {

  /** What has come. */
  public enum Kind {
    /** A message at QoS 0 or 1. */
    MESSAGE,
    /** A message at QoS 2: its identifier stands for it until it is released. */
    HELD,
    /** A PUBREL, and no message. */
    RELEASE
  }

  /** A message at QoS 0 or 1. */
  public Arrival(int packetId, long fingerprint, boolean redelivered, int records) {
    this(Kind.MESSAGE, packetId, fingerprint, redelivered, records);
  }

  /** The release of an identifier. */
  public static Arrival release(int packetId) {
    return new Arrival(Kind.RELEASE, packetId, 0, false, 0);
  }

  public boolean isMessage() {
    return kind != Kind.RELEASE;
  }

  /** Whether it is a message that is no record. */
  public boolean isRejected() {
    return isMessage() && records == 0;
  }
}
