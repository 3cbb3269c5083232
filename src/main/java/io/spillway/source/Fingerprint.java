package io.spillway.source;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * 64 bits of a SHA-256 over packet identifier, topic and bytes: what a redelivered message has in
 * common with the first delivery. Not for several threads at once.
 */
final class Fingerprint {
  private final MessageDigest digest;

  Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java platform has SHA-256", impossible);
    }
  }

  /** Never 0, which stands for "none". */
  long of(int packetId, String topic, byte[] payload) {
    digest.update((byte) (packetId >> 8));
    digest.update((byte) packetId);
    digest.update(topic.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0); // no topic contains it (MQTT 3.1.1 section 4.7.3)
    long bits = ByteBuffer.wrap(digest.digest(payload)).getLong();
    return bits == 0 ? 1 : bits;
  }
}
