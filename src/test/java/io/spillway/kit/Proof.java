package io.spillway.kit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * A case that takes long, and of whose kind another one is in the usual suite. {@code make prove}
 * runs it.
 */
@Tag("proof")
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Proof {}
