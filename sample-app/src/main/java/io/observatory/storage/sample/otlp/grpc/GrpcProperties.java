package io.observatory.storage.sample.otlp.grpc;

import java.net.InetAddress;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Where OTLP/gRPC is served.
 *
 * @param enabled whether it is
 * @param address the address to listen on; another than loopback requires
 * {@code sample.intake.token}
 * @param port the port, OTLP's own if not set; 0 for any that is free
 * @param sslBundle the bundle of {@code spring.ssl.bundle} with the certificate of the
 * server; without it, there is no TLS
 */
@ConfigurationProperties("sample.grpc")
public record GrpcProperties(@DefaultValue("true") boolean enabled, @DefaultValue("127.0.0.1") InetAddress address,
		@DefaultValue("4317") int port, @Nullable String sslBundle) {

	public GrpcProperties {
		Assert.isTrue(port >= 0 && port <= 65_535, "sample.grpc.port must lie between 0 and 65535");
	}

}
