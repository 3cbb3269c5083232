package io.spillway.replay;

import java.io.Closeable;
import java.io.IOException;

/** The numbered lines of a source, one after the other. Blocking, and for one thread at a time. */
interface SourceLines extends Closeable {
  /**
   * Goes on to the next line; false at the end.
   *
   * @throws IOException if there is more, and it cannot be read
   */
  boolean next() throws IOException;

  /** The number of the line, higher than that of the one before. */
  long number();

  /** The line is {@code array()[from(), to())}, without its end, until the next is read. */
  byte[] array();

  int from();

  int to();
}
