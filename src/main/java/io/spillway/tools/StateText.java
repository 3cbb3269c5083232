package io.spillway.tools;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * What a small file of state says, read without touching it.
 *
 * @param json null if there is no such file, or none that can be believed
 * @param checked by its checksum; version 0.1 wrote none
 */
record StateText(JsonObject json, boolean checked) {
  private static final Pattern SEALED =
      Pattern.compile("(.*),\"crc32c\":\"([0-9a-f]{8})\"\\}", Pattern.DOTALL);
  private static final StateText NOTHING = new StateText(null, false);

  /** A file that is damaged is a note in the book: there is a second source for what it says. */
  static StateText read(Path file, LedgerBook book) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      Matcher sealed = SEALED.matcher(new String(bytes, ISO_8859_1).strip());
      if (!sealed.matches()) {
        String text = new String(bytes, UTF_8).strip();
        return text.startsWith("{") ? new StateText(new JsonObject(text), false) : NOTHING;
      }
      byte[] said = sealed.group(1).getBytes(ISO_8859_1);
      CRC32C crc = new CRC32C();
      crc.update(said);
      if (crc.getValue() != Long.parseLong(sealed.group(2), 16)) {
        book.note(file, "damaged: its checksum does not match; not believed");
        return NOTHING;
      }
      return new StateText(new JsonObject(new String(said, UTF_8) + "}"), true);
    } catch (NoSuchFileException none) {
      return NOTHING;
    } catch (IOException error) {
      book.note(file, JournalFiles.why(error));
    } catch (RuntimeException notJson) {
      book.note(file, "damaged: does not say what it should; not believed");
    }
    return NOTHING;
  }

  /** Whether it says anything that can be believed. */
  boolean isChecked() {
    return json != null && checked;
  }

  /** A number from 1 on; 1 if it does not say. */
  long number(String member) {
    Object value = json == null ? null : json.getValue(member);
    return value instanceof Number number ? Math.max(1, number.longValue()) : 1;
  }
}
