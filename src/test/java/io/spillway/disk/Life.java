package io.spillway.disk;

import java.nio.file.Path;
import java.util.Random;

/**
 * What a process does with a disk, and what it must find there when it starts.
 *
 * @param <P> what was promised by the lives before
 */
public interface Life<P> {
  /**
   * Makes what is there before the first life, if anything.
   *
   * @param dir a real directory, which is empty
   */
  P before(Path dir, Random random) throws Exception;

  /**
   * Opens what is there, fails if a promise is not kept, and goes on for a while; whatever it
   * promises itself it tells the disk, {@link ForgettingDisk#promise}.
   */
  void live(ForgettingDisk disk, P promised, Random random, int steps) throws Exception;
}
