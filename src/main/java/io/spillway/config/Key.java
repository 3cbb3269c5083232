package io.spillway.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A key of {@code conf.json}, on the record component that takes its value. It is all there is to
 * say about the key: the value when it is absent, the check, the row in {@code
 * docs/configuration.md} and the entry in {@code conf.schema.json} come from here.
 *
 * <p>The unit of a {@link java.time.Duration} is the end of the key's name: {@code Ms}, {@code
 * Minutes} or {@code Days}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Key {
  /** In the file; if empty, as the component, and of a duration with {@code Ms} behind it. */
  String name() default "";

  /** The value when the key is absent; none means null, and of a list no entries. */
  String[] byDefault() default {};

  /** There is no default. */
  boolean required() default false;

  /** Of a number; of a list the fewest entries. */
  long min() default 0;

  /** Of a number; of a list the most entries. */
  long max() default 0;

  /** What a text, or each of a list, has to be. */
  Form form() default Form.TEXT;

  /** What is allowed, in words, where those of the bounds or of the form do not fit. */
  String allowed() default "";

  /** Of a boolean that is written as a word: the one for true, then that for false. */
  String[] words() default {};

  /** Null and 0 both switch a limit off; the component is zero then. */
  boolean off() default false;

  /** Null is a value of its own, other than the default. */
  boolean orNull() default false;

  /** A change takes effect while the process runs. */
  boolean live() default false;

  /** Variables of the documented scripts that set it; the first one found counts. */
  String[] variables() default {};

  /** One line of Markdown. */
  String meaning();
}
