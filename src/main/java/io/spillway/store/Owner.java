package io.spillway.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * To whom an edge's epoch belongs: to whoever has the key of which this is the SHA-256.
 *
 * @param digest 64 hex digits; empty for an epoch that has no key; null while nobody has said
 */
record Owner(String digest) {
  /** Nobody has said yet, or it was lost: it belongs to the next one that comes. */
  static final Owner NOBODY = new Owner(null);

  /** An edge of version 0.1, whose epochs have no key. */
  static final Owner KEYLESS = new Owner("");

  /** Whoever says hello with this key; null: without one. */
  static Owner of(String key) {
    return key == null ? KEYLESS : new Owner(sha256(key));
  }

  /** Whether it is {@code other}. How long this takes tells nothing. */
  boolean is(Owner other) {
    return digest != null
        && other.digest != null
        && MessageDigest.isEqual(ascii(digest), ascii(other.digest));
  }

  private static String sha256(String key) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(ascii(key)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has it", e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
