package io.observatory.storage.sample.startup;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says why the application does not start, instead of a stack trace. It comes first,
 * because others would report only a consequence: a missing DataSource.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class StartFailureAnalyzer extends AbstractFailureAnalyzer<StartException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, StartException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
	}

}
