package io.observatory.storage.autoconfigure;

import io.observatory.storage.spring.StorageStartupException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says why the application did not start, and what to do. It comes before Spring Boot's
 * analyzers, which would explain only the cause.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class StorageStartupFailureAnalyzer extends AbstractFailureAnalyzer<StorageStartupException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, StorageStartupException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
	}

}
