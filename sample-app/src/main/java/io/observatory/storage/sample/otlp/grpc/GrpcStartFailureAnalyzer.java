package io.observatory.storage.sample.otlp.grpc;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says why OTLP/gRPC is not served, instead of a stack trace.
 */
class GrpcStartFailureAnalyzer extends AbstractFailureAnalyzer<GrpcStartException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, GrpcStartException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Set sample.grpc.port to a free port and sample.grpc.address to an address of this machine, or sample.grpc.enabled to false.",
				cause);
	}

}
