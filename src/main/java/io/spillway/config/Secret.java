package io.spillway.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * A password or token. It prints as {@code ***}, and comparing it takes the same time however much
 * of a guess is right.
 */
public final class Secret {
  private final String value;
  private final byte[] digest;

  public Secret(String value) {
    this.value = value;
    this.digest = sha256(value.getBytes(StandardCharsets.UTF_8));
  }

  /** The secret itself, for the one place that sends it. */
  public String value() {
    return value;
  }

  /** The secret in UTF-8; a copy. */
  public byte[] bytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * True if the candidate is this secret, in UTF-8. Digests are compared, not the texts, so that
   * not even the length shows in the time taken.
   */
  public boolean matches(byte[] candidate) {
    return MessageDigest.isEqual(digest, sha256(candidate));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(digest, secret.digest);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(digest);
  }

  @Override
  public String toString() {
    return "***";
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java platform has SHA-256", impossible);
    }
  }
}
