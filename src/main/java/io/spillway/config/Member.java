package io.spillway.config;

import io.spillway.config.Section.Presence;
import java.lang.reflect.RecordComponent;

/** A component of a record of settings, and what of the JSON object it takes. */
sealed interface Member
    permits Setting, Member.Section, Member.Many, Member.Unwrapped, Member.None {
  RecordComponent component();

  /** An object of its own. */
  record Section(String name, Presence presence, Shape shape, RecordComponent component)
      implements Member {}

  /** A list of objects. */
  record Many(String name, int max, boolean live, Shape shape, RecordComponent component)
      implements Member {}

  /** A record whose keys are among those of the object around it. */
  record Unwrapped(Shape shape, RecordComponent component) implements Member {}

  /** Nothing: less is never worse of some quantities. */
  record None(RecordComponent component) implements Member {}
}
