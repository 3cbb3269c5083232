package io.spillway.kit;

import java.io.IOException;
import java.nio.file.Path;

/** A named pipe, of which nobody has the other end. */
public final class Fifo {
  private Fifo() {}

  public static void make(Path at) throws IOException, InterruptedException {
    int code = new ProcessBuilder("mkfifo", at.toString()).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IOException("mkfifo " + at + " ended with " + code);
    }
  }
}
