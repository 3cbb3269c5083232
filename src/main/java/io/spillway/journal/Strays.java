package io.spillway.journal;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What stands where files of a journal should, and is none: a directory or a FIFO of such a name,
 * or a segment whose name says a number that nobody gives out. It is moved to the quarantine, so
 * that a start is never refused for it.
 */
final class Strays {
  private final Layout layout;
  private final Quarantine quarantine;

  Strays(Layout layout, Quarantine quarantine) {
    this.layout = layout;
    this.quarantine = quarantine;
  }

  void clear() throws IOException {
    for (Path file : layout.own()) {
      String kind = FileKind.fault(file);
      if (!kind.isEmpty()) {
        quarantine.keepStray(file, kind, !Layout.isTemporary(file));
      } else if (Layout.isMisnamed(file)) {
        quarantine.keepStray(file, "its number is none of a record", true);
      }
    }
  }
}
