package io.spillway.journal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;

/** Why an append did not reach the disk. Nothing stored before is touched by it. */
public final class JournalFailure extends IOException {
  private static final long serialVersionUID = 1;

  /** What an operator would have to look at. */
  public enum Kind {
    /** No space, no inode or no quota left. */
    DISK_FULL,
    /** Not writable: mounted read-only, or no permission. */
    READ_ONLY,
    /** The disk, or the program, failed in another way. */
    IO,
    /** The journal has been closed. */
    CLOSED
  }

  private final Kind kind;

  private JournalFailure(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  static JournalFailure of(Path dir, Throwable cause) {
    Kind kind = kindOf(cause);
    String what =
        switch (kind) {
          case DISK_FULL -> "disk full";
          case READ_ONLY -> "not writable";
          default -> "cannot write";
        };
    return new JournalFailure(kind, "%s: %s: %s".formatted(what, dir, words(cause)), cause);
  }

  static JournalFailure closed(Path dir) {
    return new JournalFailure(Kind.CLOSED, "journal is closed: " + dir, null);
  }

  /** What a disk says, with the file if that is known, and without the names of Java's types. */
  public static String words(Throwable cause) {
    if (cause instanceof FileSystemException named && named.getReason() == null) {
      String why =
          cause instanceof AccessDeniedException
              ? "permission denied"
              : cause instanceof NoSuchFileException ? "is not there" : "cannot be written";
      return named.getFile() + ": " + why;
    }
    return cause.getMessage() == null ? "cannot be written" : cause.getMessage();
  }

  /** What kind of trouble a disk has that fails so. */
  public static Kind kindOf(Throwable cause) {
    if (cause instanceof JournalFailure known) {
      return known.kind;
    }
    // The JDK has no type for ENOSPC, EDQUOT and EROFS: strerror's text is all there is.
    String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("no space left") || text.contains("quota exceeded")) {
      return Kind.DISK_FULL;
    }
    boolean denied =
        cause instanceof AccessDeniedException || cause instanceof ReadOnlyFileSystemException;
    return denied || text.contains("read-only file system") ? Kind.READ_ONLY : Kind.IO;
  }
}
