package io.observatory.storage.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Import;

/**
 * On a test that starts an application, for instance with {@code @SpringBootTest}:
 * nothing is stored, no database is needed for it, and a bean of type
 * {@link CapturedTelemetry} has what would have been stored.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@Import(CapturedTelemetryConfiguration.class)
public @interface CaptureTelemetry {

}
