package io.spillway.iaq;

import java.util.Map;

/**
 * A record made from a measurement, without the members that say of which sensor.
 *
 * @param id {@code _id}: {@code iaq.<offset of the measurement>.<what>}; the same whenever the same
 *     measurement is looked at again
 * @param members in the order in which they are written
 */
record Derived(String id, Map<String, Object> members) {
  private static final String PREFIX = "iaq.";

  /** The identity of what follows from the measurement at an offset. */
  static String id(long offset, String what) {
    return PREFIX + offset + '.' + what;
  }
}
