package io.spillway.journal;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * A header line of a FRAMED segment. A JSON array, so never mistaken for a record.
 *
 * <pre>
 *   ["chunk",1042,100,30211,"9c1185a5","bWVtbw=="]   100 records of 30,211 bytes follow, from 1042
 *   ["segment",1042,0,0,"54f3e1a0","c25hcHNob3Q="]   head of a segment, with the memo's snapshot
 * </pre>
 *
 * The checksum is CRC-32C over the header's text up to it, the base64 text and the records: a
 * damaged number must not pass for another number.
 */
record Header(String prefix, long first, int count, int bytes, String crc, String memoText) {
  private static final String CHUNK = "chunk";
  private static final String SEGMENT = "segment";

  /** Most bytes a header takes beside its memo. */
  static final int MAX_BYTES = 80;

  static Header chunk(long first, int count, byte[] records, int from, int to, String memoText) {
    return of(CHUNK, first, count, records, from, to, memoText);
  }

  static Header segment(long first, byte[] snapshot) {
    return of(SEGMENT, first, 0, new byte[0], 0, 0, base64(snapshot));
  }

  private static Header of(
      String type, long first, int count, byte[] records, int from, int to, String memoText) {
    String prefix = "[\"" + type + "\"," + first + "," + count + "," + (to - from) + ",";
    CRC32C crc = begin(prefix, memoText);
    crc.update(records, from, to - from);
    return new Header(prefix, first, count, to - from, hex(crc), memoText);
  }

  /** Null unless {@code line[from, to)}, without its line end, has the form of a header. */
  static Header parse(byte[] line, int from, int to) {
    return looksLikeOne(line, from, to)
        ? new HeaderParser(line, from, to).parse(CHUNK, SEGMENT)
        : null;
  }

  static boolean looksLikeOne(byte[] line, int from, int to) {
    return to - from > 2 && line[from] == '[' && line[from + 1] == '"';
  }

  boolean isSegment() {
    return prefix.startsWith(SEGMENT, 2);
  }

  /** A checksum that has seen the header; records are still to be added. */
  CRC32C checksum() {
    return begin(prefix, memoText);
  }

  boolean matches(CRC32C complete) {
    return hex(complete).equals(crc);
  }

  /** Null if the base64 text is not valid. Empty if there is none. */
  byte[] memo() {
    try {
      return Base64.getDecoder().decode(memoText);
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  byte[] line() {
    return (prefix + '"' + crc + "\",\"" + memoText + "\"]\n").getBytes(StandardCharsets.US_ASCII);
  }

  static String base64(byte[] memo) {
    return memo == null ? "" : Base64.getEncoder().encodeToString(memo);
  }

  private static CRC32C begin(String prefix, String memoText) {
    CRC32C crc = new CRC32C();
    crc.update(prefix.getBytes(StandardCharsets.ISO_8859_1));
    crc.update(memoText.getBytes(StandardCharsets.ISO_8859_1));
    return crc;
  }

  private static String hex(CRC32C crc) {
    String digits = Long.toHexString(crc.getValue());
    return "0".repeat(8 - digits.length()) + digits;
  }
}
