package io.spillway.journal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What stands where a file should. Only a regular one may be opened: whoever opens a FIFO waits
 * until somebody writes to it.
 */
public final class FileKind {
  // The kinds of file in the mode of an inode: inode(7).
  private static final int KIND = 0170000;
  private static final int FIFO = 0010000;
  private static final int CHARACTERS = 0020000;
  private static final int BLOCKS = 0060000;
  private static final int SOCKET = 0140000;

  private FileKind() {}

  /**
   * Why it cannot be opened as a file, as {@code is a directory}; empty if it can, or if nothing is
   * there. Of a link, where it leads.
   */
  public static String fault(Path file) {
    if (Files.isRegularFile(file)) {
      return "";
    }
    if (leadsNowhere(file)) {
      return "is a link that leads nowhere";
    }
    if (Files.notExists(file)) {
      return "";
    }
    if (Files.isDirectory(file)) {
      return "is a directory";
    }
    return switch (mode(file) & KIND) {
      case FIFO -> "is a FIFO";
      case SOCKET -> "is a socket";
      case CHARACTERS, BLOCKS -> "is a device";
      default -> "";
    };
  }

  /** Of a link to nothing, or in a circle; not of one that this user may not follow. */
  private static boolean leadsNowhere(Path file) {
    if (!Files.isSymbolicLink(file)) {
      return false;
    }
    try {
      return Files.notExists(file.toRealPath());
    } catch (AccessDeniedException unknown) {
      return false; // whoever opens it hears why
    } catch (IOException nowhere) {
      return true;
    }
  }

  private static int mode(Path file) {
    try {
      return (int) Files.getAttribute(file, "unix:mode");
    } catch (IOException | UnsupportedOperationException unknown) {
      return 0; // whoever opens it hears why
    }
  }

  /** Whether whoever opens it waits for another one to do so. */
  static boolean isFifo(Path file) {
    return !Files.isRegularFile(file) && (mode(file) & KIND) == FIFO;
  }

  /**
   * Fails if whoever opens it would have to wait, or would write to something else. To open a
   * directory fails by itself.
   *
   * @throws FileSystemException with what it is, and what to do
   */
  public static void check(Path file) throws IOException {
    String fault = Files.isDirectory(file) ? "" : fault(file);
    if (!fault.isEmpty()) {
      throw new FileSystemException(
          file.toString(), null, fault + ", and a file is needed there: move it away");
    }
  }
}
