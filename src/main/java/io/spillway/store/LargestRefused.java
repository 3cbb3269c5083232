package io.spillway.store;

import io.spillway.message.Rejected;
import java.util.List;

/**
 * The largest of what could not be set aside: that others, which are smaller, can be says nothing
 * of it, as a disk may have room for them alone. For one event loop.
 */
final class LargestRefused {
  private List<Rejected> largest = List.of();

  /** These could not be. */
  void refused(List<Rejected> rejected) {
    if (bytes(rejected) >= bytes(largest)) {
      largest = rejected;
    }
  }

  /** These could be; returns whether that goes for all by now. */
  boolean kept(List<Rejected> rejected) {
    if (bytes(rejected) >= bytes(largest)) {
      largest = List.of();
    }
    return largest.isEmpty();
  }

  /** Empty if there is none. */
  List<Rejected> get() {
    return largest;
  }

  private static long bytes(List<Rejected> rejected) {
    return rejected.stream().mapToLong(LargestRefused::bytes).sum();
  }

  /** In proportion to what it takes on the disk, and cheaper to tell. */
  private static long bytes(Rejected one) {
    return 96L + one.topic().length() + one.reason().length() + one.payload().length * 4L / 3;
  }
}
