package io.observatory.storage.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * A test of what follows from the source system's keys. What follows from those of the
 * other layout instead is in {@code PartitionedSpansIT}.
 */
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
@DisabledIfSystemProperty(named = Database.LAYOUT_PROPERTY, matches = "partitioned",
		disabledReason = "a span id is not unique there")
public @interface OnlyInSource {

}
