package io.spillway.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A little state beside a journal, written whole. */
public final class SmallFile {
  private SmallFile() {}

  /** After a crash the file has either its old or its new text; on disk when this returns. */
  public static void replace(Path file, String text) throws IOException {
    replace(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same for bytes. */
  public static void replace(Path file, byte[] bytes) throws IOException {
    Disk.REAL.replace(file, bytes);
  }
}
