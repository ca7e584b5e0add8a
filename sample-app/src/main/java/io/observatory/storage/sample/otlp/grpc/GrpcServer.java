package io.observatory.storage.sample.otlp.grpc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.observatory.storage.sample.startup.StartException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * The server of OTLP/gRPC. Calls are served by the threads of the network alone: they
 * copy what has arrived and hand it to the intake, so that none of them waits. Starts and
 * stops with the web server, before the writers are drained.
 */
public final class GrpcServer implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(GrpcServer.class);

	/** Of one connection; SDKs have one or a few open at a time. */
	private static final int MAX_CALLS = 100;

	/** What a connection may send before it is counted. */
	private static final int WINDOW_BYTES = 256 * 1024;

	/** Clients ping every 10 s; by default gRPC allows only one ping in 5 minutes. */
	private static final Duration BETWEEN_PINGS = Duration.ofSeconds(5);

	/** Calls that a connection may begin and break off in 30 s. */
	private static final int MAX_RESETS = 1000;

	/** How long calls that have begun may go on when the application stops. */
	private static final Duration GRACE = Duration.ofSeconds(10);

	private final GrpcProperties properties;

	private final @Nullable SslBundle certificate;

	private final int maxMessageSize;

	private final List<ServerServiceDefinition> services;

	private final ServerStreamTracer.Factory messages;

	private volatile @Nullable Server server;

	GrpcServer(GrpcProperties properties, @Nullable SslBundle certificate, int maxMessageSize,
			List<ServerServiceDefinition> services, ServerStreamTracer.Factory messages) {
		this.properties = properties;
		this.certificate = certificate;
		this.maxMessageSize = maxMessageSize;
		this.services = services;
		this.messages = messages;
	}

	@Override
	public void start() {
		InetSocketAddress address = new InetSocketAddress(this.properties.address(), this.properties.port());
		try {
			this.server = build(address).start();
			logger.info("OTLP/gRPC started on port {}", port());
		}
		catch (IOException ex) {
			throw new StartException(
					"OTLP/gRPC cannot listen on %s:%d: %s".formatted(address.getAddress().getHostAddress(),
							address.getPort(), reason(ex)),
					"Set sample.grpc.port to a free port and sample.grpc.address to an address of this machine, or sample.grpc.enabled to false.",
					ex);
		}
	}

	private static String reason(IOException ex) {
		return String.valueOf(((ex.getCause() != null) ? ex.getCause() : ex).getMessage());
	}

	private Server build(InetSocketAddress address) throws IOException {
		NettyServerBuilder builder = NettyServerBuilder.forAddress(address);
		if (this.certificate != null) {
			builder.sslContext(GrpcSslContexts
				.configure(SslContextBuilder.forServer(this.certificate.getManagers().getKeyManagerFactory()))
				.build());
		}
		return builder.directExecutor()
			.addServices(this.services)
			.addStreamTracerFactory(this.messages)
			.decompressorRegistry(DecompressorRegistry.emptyInstance()
				.with(Codec.Identity.NONE, false)
				.with(new CompressedMessages(), true))
			.maxInboundMessageSize(this.maxMessageSize)
			.maxConcurrentCallsPerConnection(MAX_CALLS)
			.maxRstFramesPerWindow(MAX_RESETS, 30)
			.flowControlWindow(WINDOW_BYTES)
			.permitKeepAliveTime(BETWEEN_PINGS.toSeconds(), TimeUnit.SECONDS)
			.permitKeepAliveWithoutCalls(true)
			.build();
	}

	/** Returns whether it is served with TLS. */
	public boolean isSecure() {
		return this.certificate != null;
	}

	/** Returns the port that it listens on, once it is started. */
	public int port() {
		return Objects.requireNonNull(this.server, "not started").getPort();
	}

	/**
	 * In a thread of its own, because Spring cannot time out a stop that blocks.
	 */
	@Override
	public void stop(Runnable callback) {
		Thread thread = new Thread(() -> {
			try {
				stop();
			}
			finally {
				callback.run();
			}
		}, "grpc-stop");
		thread.setDaemon(true);
		thread.start();
	}

	/** Answers the calls that have begun, and cancels those that take too long. */
	@Override
	public void stop() {
		Server stopping = this.server;
		this.server = null;
		if (stopping != null) {
			try {
				stopping.shutdown().awaitTermination(GRACE.toSeconds(), TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			stopping.shutdownNow();
		}
	}

	@Override
	public boolean isRunning() {
		return this.server != null;
	}

	@Override
	public int getPhase() {
		return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

}
