package io.spillway.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Sections of a later version: null is fine, and whatever else they say is not ignored. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface NotYet {
  String[] value();
}
