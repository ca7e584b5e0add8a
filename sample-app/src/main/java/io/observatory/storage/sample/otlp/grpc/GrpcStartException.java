package io.observatory.storage.sample.otlp.grpc;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * The server of OTLP/gRPC cannot listen.
 */
final class GrpcStartException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	GrpcStartException(InetSocketAddress address, IOException cause) {
		super("OTLP/gRPC cannot listen on %s:%d: %s".formatted(address.getAddress().getHostAddress(), address.getPort(),
				reason(cause)), cause);
	}

	private static String reason(IOException ex) {
		return String.valueOf(((ex.getCause() != null) ? ex.getCause() : ex).getMessage());
	}

}
