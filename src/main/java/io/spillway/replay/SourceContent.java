package io.spillway.replay;

import io.spillway.message.LineEnd;
import io.spillway.tools.BlockReader;
import io.spillway.tools.BlockReader.Block;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * What is in a file, as far as its lines have an end.
 *
 * @param lines how many have a number: all but the headers of a spool's commits
 * @param bytes their length, unpacked
 * @param sha256 64 digits
 */
record SourceContent(long lines, long bytes, String sha256) {
  /**
   * The content, and the hash that its beginning has.
   *
   * @param beginning 64 digits; empty if there are not so many bytes
   */
  record Read(SourceContent whole, String beginning) {}

  /**
   * Reads to the end, and closes. Blocking.
   *
   * @param begins how many bytes the beginning has that is to be hashed by itself
   */
  static Read of(InputStream in, long begins) throws IOException {
    MessageDigest digest = Identity.digest();
    String beginning = begins == 0 ? hex(digest) : "";
    long bytes = 0;
    long lines = 0;
    try (BlockReader blocks = new BlockReader(in)) {
      for (Block block = blocks.next(); block != null; block = blocks.next()) {
        if (block.problem() != null) {
          throw new IOException(block.problem());
        }
        int whole = 0;
        int end;
        while ((end = LineEnd.indexIn(block.bytes(), whole, block.length())) >= 0) {
          lines += CommitHeader.isOne(block.bytes(), whole, end) ? 0 : 1;
          whole = end + 1;
        }
        int first = (int) Math.max(0, Math.min(whole, begins - bytes));
        digest.update(block.bytes(), 0, first);
        bytes += first;
        if (bytes == begins && first > 0) {
          beginning = hex(digest);
        }
        digest.update(block.bytes(), first, whole - first);
        bytes += whole - first;
      }
    }
    return new Read(new SourceContent(lines, bytes, hex(digest)), beginning);
  }

  /** So far: what comes is added to the same. */
  private static String hex(MessageDigest digest) {
    try {
      return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException impossible) {
      throw new AssertionError("SHA-256 of the Java platform can be copied", impossible);
    }
  }
}
