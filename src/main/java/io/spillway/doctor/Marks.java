package io.spillway.doctor;

import io.spillway.hop.HopFinding.Result;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;

/** What stands before a line, so that it is seen at a glance how it is. */
enum Marks {
  SIGNS("\u2713", "!", "\u2717", "\u2013", "\u2192"),
  /** Where the terminal knows no others. */
  LETTERS("[ok]    ", "[notice]", "[FAILED]", "[-]     ", "->");

  private final String ok;
  private final String notice;
  private final String failed;
  private final String skipped;
  private final String cure;

  Marks(String ok, String notice, String failed, String skipped, String cure) {
    this.ok = ok;
    this.notice = notice;
    this.failed = failed;
    this.skipped = skipped;
    this.cure = cure;
  }

  /** Those that can be shown here: before Java 19 the JVM tells the locale's charset alone. */
  static Marks here() {
    return of(System.getProperty("stdout.encoding", System.getProperty("native.encoding")));
  }

  /**
   * @param encoding of the terminal; null if it is not known
   */
  static Marks of(String encoding) {
    String all = SIGNS.ok + SIGNS.failed + SIGNS.skipped + SIGNS.cure;
    Charset charset = charset(encoding);
    return charset.canEncode() && charset.newEncoder().canEncode(all) ? SIGNS : LETTERS;
  }

  private static Charset charset(String name) {
    try {
      return name == null ? StandardCharsets.US_ASCII : Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
      return StandardCharsets.US_ASCII;
    }
  }

  String of(Result result) {
    return switch (result) {
      case OK -> ok;
      case NOTICE -> notice;
      case FAILED -> failed;
      case SKIPPED -> skipped;
    };
  }

  /** Before what to do. */
  String cure() {
    return cure;
  }
}
