package io.observatory.storage.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A test of what an engine does not promise, or of something that it has not.
 */
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(NotOn.All.class)
@ExtendWith(NotOn.Condition.class)
public @interface NotOn {

	Engine value();

	String because();

	/** Several engines, each with its reason. */
	@Target({ ElementType.METHOD, ElementType.TYPE })
	@Retention(RetentionPolicy.RUNTIME)
	@ExtendWith(Condition.class)
	@interface All {

		NotOn[] value();

	}

	/** Skips the test on the engine, and says why. */
	final class Condition implements ExecutionCondition {

		@Override
		public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
			return AnnotationSupport.findRepeatableAnnotations(context.getElement(), NotOn.class)
				.stream()
				.filter((mark) -> mark.value() == Database.get().engine())
				.findFirst()
				.map((mark) -> ConditionEvaluationResult.disabled(mark.value() + ": " + mark.because()))
				.orElse(ConditionEvaluationResult.enabled("not marked"));
		}

	}

}
