package io.spillway.replay;

import java.io.IOException;
import java.nio.file.Path;

/** What is to be replayed, as it was when it was looked at: what comes later is left for later. */
interface LineSource {
  /** As it was named. */
  Path named();

  Identity identity();

  /** The lowest number that it holds. */
  long first();

  /** The highest one; lower than {@link #first} if there is none. */
  long last();

  /** What is to be noted of its content, so that it is known again when it has grown; or null. */
  SourceContent content();

  /** Where a note about it stands. */
  Path memory();

  /** Its lines, of which those below {@code from} may be left out. Blocking. */
  SourceLines open(long from) throws IOException;
}
