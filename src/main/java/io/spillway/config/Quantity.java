package io.spillway.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What differs between the quantities of indoor air: unit, bounds and defaults of their keys. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Quantity {
  String unit();

  /** Of every value but the margin, which is never negative. */
  long min() default 0;

  long max();

  String[] score();

  String warning();

  String critical();

  String margin();

  /** The same downwards; none of the three if less is never worse, and there are no such keys. */
  String[] scoreLow() default {};

  String lowWarning() default "";

  String lowCritical() default "";
}
