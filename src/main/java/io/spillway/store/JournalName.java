package io.spillway.store;

import io.spillway.journal.SmallFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which journal this is, in {@code journal.id} beside it. Offsets of one mean nothing in another,
 * so whoever keeps an offset keeps the name with it. A journal that is empty is a new one.
 */
final class JournalName {
  private static final Logger log = LoggerFactory.getLogger(JournalName.class);
  private static final String FILE = "journal.id";
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{12}");

  private JournalName() {}

  /** The name: 12 hexadecimal digits. On disk when this returns; blocking. */
  static String of(Path dir, boolean empty) throws IOException {
    Path file = dir.resolve(FILE);
    String known = empty ? null : read(file);
    if (known != null) {
      return known;
    }
    String fresh = UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    SmallFile.replace(file, fresh + "\n");
    return fresh;
  }

  private static String read(Path file) throws IOException {
    try {
      String text = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1).strip();
      if (NAME.matcher(text).matches()) {
        return text;
      }
      log.warn("{} is unreadable; the journal gets a new name", file);
    } catch (NoSuchFileException older) {
      // A journal of a version that gave it none.
    }
    return null;
  }
}
