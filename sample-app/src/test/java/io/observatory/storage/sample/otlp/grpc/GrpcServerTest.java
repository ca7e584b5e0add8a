package io.observatory.storage.sample.otlp.grpc;

import java.net.InetAddress;
import java.util.List;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import org.junit.jupiter.api.Test;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

class GrpcServerTest {

	private static final ServerStreamTracer.Factory NO_TRACER = new ServerStreamTracer.Factory() {

		@Override
		public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
			throw new IllegalStateException("There are no calls");
		}

	};

	private static GrpcServer server(int port) {
		return new GrpcServer(new GrpcProperties(true, InetAddress.getLoopbackAddress(), port), 1024, List.of(),
				NO_TRACER);
	}

	@Test
	void aPortThatIsTakenIsNamedWithTheProperty() {
		GrpcServer first = server(0);
		first.start();
		try {
			assertThat(first.isRunning()).isTrue();
			FailureAnalysis analysis = new GrpcStartFailureAnalyzer()
				.analyze(catchThrowable(server(first.port())::start));
			assertThat(analysis.getDescription())
				.isEqualTo("OTLP/gRPC cannot listen on 127.0.0.1:" + first.port() + ": Address already in use");
			assertThat(analysis.getAction()).contains("sample.grpc.port");
		}
		finally {
			first.stop();
		}
		assertThat(first.isRunning()).isFalse();
	}

}
