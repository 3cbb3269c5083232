package io.spillway.tools;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.zip.ZipException;

/** Why a file could not be read, in words. */
public final class FileFault {
  private FileFault() {}

  /** In one line, without the name of the file. */
  public static String words(IOException error) {
    if (error instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (error instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (error instanceof EOFException) {
      return "gzip is cut short; what came before the cut could be read";
    }
    if (error instanceof ZipException) {
      return "not readable as gzip from here on";
    }
    if (error instanceof FileSystemException named && named.getReason() != null) {
      return named.getReason();
    }
    return error.getMessage() == null ? error.toString() : error.getMessage();
  }
}
