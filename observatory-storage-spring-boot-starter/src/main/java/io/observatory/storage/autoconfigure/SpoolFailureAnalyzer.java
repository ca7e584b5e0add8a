package io.observatory.storage.autoconfigure;

import io.observatory.storage.error.SpoolUnusableException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says why the directory of the spool cannot be used, and what to do.
 */
class SpoolFailureAnalyzer extends AbstractFailureAnalyzer<SpoolUnusableException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, SpoolUnusableException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()),
				"Set " + StorageProperties.PREFIX + ".spool.directory to a directory on a local disk that the "
						+ "application may write to and that has room for " + StorageProperties.PREFIX
						+ ".spool.max-bytes for each writer. Without the property, records are buffered in memory.",
				cause);
	}

}
