package io.spillway.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A list of objects, on the component that takes the records; absent means none. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Entries {
  int max();

  /** A change takes effect while the process runs. */
  boolean live() default false;
}
