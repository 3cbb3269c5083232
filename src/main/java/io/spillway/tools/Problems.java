package io.spillway.tools;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.zip.ZipException;

/** Why a file could not be read, in words. */
final class Problems {
  private Problems() {}

  static String why(IOException error) {
    if (error instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (error instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (error instanceof EOFException) {
      return "gzip is cut short; what came before the cut has been checked";
    }
    if (error instanceof ZipException) {
      return "not readable as gzip from here on: " + error.getMessage();
    }
    return error.getMessage() == null ? error.toString() : error.getMessage();
  }
}
