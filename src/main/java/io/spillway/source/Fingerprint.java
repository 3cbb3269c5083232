package io.spillway.source;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * 64 bits of packet identifier, topic and bytes: what a redelivered message has in common with the
 * first delivery. Two checksums that the processor computes, and not a SHA-256, which took half of
 * all the time that an edge spent on a message: nobody can choose the packet identifier and the DUP
 * flag that a broker sends, so there is nobody to be kept from finding a collision.
 *
 * <p>Not for several threads at once.
 */
final class Fingerprint {
  private final CRC32 low = new CRC32();
  private final CRC32C high = new CRC32C();

  /** Never 0, which stands for "none". */
  long of(int packetId, String topic, byte[] payload) {
    byte[] name = topic.getBytes(StandardCharsets.UTF_8);
    low.reset();
    high.reset();
    low.update(name);
    high.update(name);
    low.update(0); // between topic and bytes; no topic contains it (MQTT 3.1.1 section 4.7.3)
    high.update(0);
    low.update(payload);
    high.update(payload);
    low.update(packetId >> 8);
    high.update(packetId >> 8);
    low.update(packetId);
    high.update(packetId);
    long bits = high.getValue() << 32 | low.getValue();
    return bits == 0 ? 1 : bits;
  }
}
