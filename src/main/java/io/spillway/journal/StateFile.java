package io.spillway.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A little state in a file of its own: one JSON object, whose last member is the CRC-32C of the
 * bytes before it.
 *
 * <pre>
 *   {"next":601,"end":801,"crc32c":"9c1185a5"}
 * </pre>
 *
 * <p>It is written whole and read whole. What is damaged is moved to {@code quarantine/} beside it,
 * told, and then not there: whoever keeps a state can do without it, from a second source. Files of
 * version 0.1 have no checksum; what they say has to be compared with that source.
 */
public final class StateFile {
  private static final String MEMBER = ",\"crc32c\":\"";
  private static final Pattern SEALED =
      Pattern.compile("(.*)" + MEMBER + "([0-9a-f]{8})\"\\}", Pattern.DOTALL);

  private StateFile() {}

  /**
   * What a file says.
   *
   * @param checked by its checksum; false for a file of version 0.1, which has none
   */
  public record Content<T>(T value, boolean checked) {}

  /** The text of the object, and whether it is as it was written. */
  public record Opened(String json, boolean checked) {}

  /**
   * Writes the object {@code json}, which has a member. After a crash the file has either its old
   * or its new text; on disk when this returns, with the directories above it.
   */
  public static void write(Path file, String json) throws IOException {
    write(Disk.REAL, file, json);
  }

  static void write(Disk disk, Path file, String json) throws IOException {
    if (Files.notExists(file)) { // also where its directory is: a start may have come no further
      disk.makeDirectories(file.toAbsolutePath().getParent());
    }
    disk.replace(file, seal(json));
  }

  /**
   * Reads a state; empty if there is none, or none that is whole.
   *
   * @param parser makes a value of the object's text; throws what it likes if that says nothing
   * @param olderToo whether a file without a checksum may be one of version 0.1
   * @param otherwise what is done without it, for the log
   * @throws IOException if the file is there and cannot be read or moved
   */
  public static <T> Optional<Content<T>> read(
      Path file, Function<String, T> parser, boolean olderToo, String otherwise, Damages damages)
      throws IOException {
    String kind = FileKind.fault(file);
    if (!kind.isEmpty()) {
      discard(file, kind, otherwise, damages);
      return Optional.empty();
    }
    try {
      Opened text = open(Files.readAllBytes(file));
      if (!text.checked && !olderToo) {
        throw new IllegalArgumentException("has no checksum");
      }
      return Optional.of(new Content<>(parser.apply(text.json), text.checked));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (RuntimeException unusable) {
      discard(file, reason(unusable), otherwise, damages);
      return Optional.empty();
    }
  }

  /** Moves a file to the quarantine whose content contradicts what else is known. */
  public static void discard(Path file, String reason, String otherwise, Damages damages)
      throws IOException {
    Path kept = Quarantine.move(Disk.REAL, file);
    damages.add(file, reason, kept, otherwise);
  }

  /** Ours are for a person; what is derived from it, as for a wrong number, is Java's. */
  private static String reason(RuntimeException unusable) {
    return unusable.getClass() == IllegalArgumentException.class && unusable.getMessage() != null
        ? unusable.getMessage().lines().findFirst().orElse("")
        : "does not say what it should";
  }

  static byte[] seal(String json) {
    String open = json.strip();
    if (!open.startsWith("{") || !open.endsWith("}") || open.length() < 3) {
      throw new IllegalArgumentException("not an object with a member: " + open);
    }
    String text = open.substring(0, open.length() - 1);
    return (text + MEMBER + crc(text.getBytes(UTF_8)) + "\"}\n").getBytes(UTF_8);
  }

  /** Fails with {@link IllegalArgumentException} if the checksum is not that of the text. */
  public static Opened open(byte[] bytes) {
    Matcher sealed = SEALED.matcher(new String(bytes, ISO_8859_1).strip()); // a character a byte
    if (!sealed.matches()) {
      return new Opened(text(bytes), false);
    }
    byte[] said = sealed.group(1).getBytes(ISO_8859_1);
    if (!crc(said).equals(sealed.group(2))) {
      throw new IllegalArgumentException("its checksum does not match");
    }
    return new Opened(text(said) + "}", true);
  }

  private static String text(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notText) {
      throw new IllegalArgumentException("is not text", notText);
    }
  }

  private static String crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    String digits = Long.toHexString(crc.getValue());
    return "0".repeat(8 - digits.length()) + digits;
  }
}
