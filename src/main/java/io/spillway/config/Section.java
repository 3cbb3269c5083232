package io.spillway.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A section within a section, on the component that takes its record. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Section {
  Presence value();

  /** What it means that a section is not there. */
  enum Presence {
    /** Absent and null both mean that it does not run. */
    OPTIONAL,
    /** Absent: with all its defaults. Null: it does not run. */
    UNLESS_NULL,
    /** Absent: with all its defaults. Null is refused. */
    ALWAYS
  }
}
