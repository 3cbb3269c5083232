package io.spillway.journal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Why a process cannot start: a directory it needs cannot be used. Says what to do about it. */
public final class UnusableDirectory extends IOException {
  private static final long serialVersionUID = 1L;

  private UnusableDirectory(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Puts into words why a directory could not be opened.
   *
   * @param key of the configuration that names it
   * @param relative the directory, perhaps below the working directory
   * @param user who runs this process
   */
  public static Throwable of(String key, Path relative, String user, Throwable error) {
    return error instanceof IOException cause ? of(key, relative, user, cause) : error;
  }

  /** The same of an error that is one of a file, which stays one. */
  public static IOException of(String key, Path relative, String user, IOException error) {
    Path dir = relative.toAbsolutePath();
    if (error instanceof JournalLockedException) {
      return error;
    }
    boolean hasFile = error instanceof FileSystemException named && named.getFile() != null;
    String file = hasFile ? ((FileSystemException) error).getFile() : dir.toString();
    String at = key + ": " + dir + (file.equals(dir.toString()) ? "" : ": " + file) + ": ";
    return switch (JournalFailure.kindOf(error)) {
      case DISK_FULL ->
          new UnusableDirectory(at + "the disk is full; free space, and start again", error);
      case READ_ONLY -> new UnusableDirectory(at + denied(dir, user, error), error);
      default -> hasFile ? new UnusableDirectory(at + reason(error), error) : error;
    };
  }

  private static String denied(Path dir, String user, Throwable error) {
    boolean readOnly = String.valueOf(error.getMessage()).contains("ead-only");
    if (readOnly) {
      return "the file system is read-only; mount it writable, or name another directory";
    }
    // Of one that is there the files may be another user's, too: those of a start as root.
    String cure = Files.isDirectory(dir) ? "chown -R" : "install -d -o";
    return "permission denied for user %s; give it to that user (sudo %s %s %s), or name another directory"
        .formatted(user, cure, user, dir);
  }

  private static String reason(Throwable error) {
    FileSystemException named = (FileSystemException) error;
    if (error instanceof NoSuchFileException) {
      return "cannot be made there; name another directory";
    }
    if (error instanceof FileAlreadyExistsException || error instanceof NotDirectoryException) {
      return "a file is where a directory has to be; move it away, or name another directory";
    }
    if ("Is a directory".equals(named.getReason())) {
      return "a directory is where a file has to be; move it away, and start again";
    }
    String reason = named.getReason() != null ? named.getReason() : "the disk does not let it";
    return reason + "; mend that, and start again";
  }
}
