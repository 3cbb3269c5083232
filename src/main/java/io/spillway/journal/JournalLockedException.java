package io.spillway.journal;

import java.io.IOException;
import java.nio.file.Path;

/** The directory belongs to another open journal, in this process or another. */
public final class JournalLockedException extends IOException {
  private static final long serialVersionUID = 1;

  JournalLockedException(Path dir, String holder) {
    super("%s is in use by process %s: stop it or use another directory".formatted(dir, holder));
  }
}
