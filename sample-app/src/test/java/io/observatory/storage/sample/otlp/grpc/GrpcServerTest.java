package io.observatory.storage.sample.otlp.grpc;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.observatory.storage.sample.security.IntakeToken;
import io.observatory.storage.sample.security.Secret;
import io.observatory.storage.sample.startup.StartException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GrpcServerTest {

	private static final ServerStreamTracer.Factory NO_TRACER = new ServerStreamTracer.Factory() {

		@Override
		public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
			throw new IllegalStateException("There are no calls");
		}

	};

	private static GrpcServer server(int port) {
		return new GrpcServer(new GrpcProperties(true, InetAddress.getLoopbackAddress(), port, null), null, 1024,
				List.of(), NO_TRACER);
	}

	@Test
	void theNetworkNeedsTheToken() throws IOException {
		GrpcProperties open = new GrpcProperties(true, InetAddress.getByName("0.0.0.0"), 0, null);
		GrpcConfiguration configuration = new GrpcConfiguration();
		assertThatExceptionOfType(StartException.class)
			.isThrownBy(() -> configuration.grpcPort(open, new IntakeToken(null)))
			.withMessageContaining("sample.grpc.address is 0.0.0.0, without sample.intake.token.");
		assertThat(configuration.grpcPort(open, new IntakeToken(Secret.of("token"))).port()).isZero();
	}

	@Test
	void aPortThatIsTakenIsNamedWithTheProperty() {
		GrpcServer first = server(0);
		first.start();
		try {
			assertThat(first.isRunning()).isTrue();
			assertThatExceptionOfType(StartException.class).isThrownBy(server(first.port())::start)
				.withMessage("OTLP/gRPC cannot listen on 127.0.0.1:" + first.port() + ": Address already in use")
				.satisfies((ex) -> assertThat(ex.action()).contains("sample.grpc.port"));
		}
		finally {
			first.stop();
		}
		assertThat(first.isRunning()).isFalse();
	}

}
