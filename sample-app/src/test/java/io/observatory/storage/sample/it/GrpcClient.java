package io.observatory.storage.sample.it;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

import io.grpc.CallOptions;
import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;

/**
 * Calls the methods of gRPC with the bytes that it is given.
 */
final class GrpcClient implements AutoCloseable {

	private static final int MAX_MESSAGE = 128 * 1024 * 1024;

	private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {

		@Override
		public InputStream stream(byte[] message) {
			return new ByteArrayInputStream(message);
		}

		@Override
		public byte[] parse(InputStream message) {
			try {
				return message.readAllBytes();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	};

	private final ManagedChannel channel;

	GrpcClient(int port) {
		this(NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext());
	}

	GrpcClient(NettyChannelBuilder server) {
		CompressorRegistry compressors = CompressorRegistry.newEmptyInstance();
		compressors.register(Codec.Identity.NONE);
		compressors.register(new AsItIs("gzip"));
		compressors.register(new AsItIs("snappy"));
		this.channel = server.compressorRegistry(compressors).maxInboundMessageSize(MAX_MESSAGE).build();
	}

	ManagedChannel channel() {
		return this.channel;
	}

	static MethodDescriptor<byte[], byte[]> method(String name, MethodDescriptor.MethodType type) {
		return MethodDescriptor.newBuilder(BYTES, BYTES).setType(type).setFullMethodName(name).build();
	}

	/** Sends bytes as one message. */
	byte[] call(String method, byte[] message) {
		return call(method, message, CallOptions.DEFAULT);
	}

	/** Sends bytes that are compressed already. */
	byte[] call(String method, byte[] compressed, String encoding) {
		return call(method, compressed, CallOptions.DEFAULT.withCompression(encoding));
	}

	private byte[] call(String method, byte[] message, CallOptions options) {
		return ClientCalls.blockingUnaryCall(this.channel, method(method, MethodDescriptor.MethodType.UNARY),
				options.withDeadlineAfter(60, TimeUnit.SECONDS), message);
	}

	@Override
	public void close() {
		this.channel.shutdownNow();
	}

	private record AsItIs(String name) implements Codec {

		@Override
		public String getMessageEncoding() {
			return this.name;
		}

		@Override
		public OutputStream compress(OutputStream message) {
			return message;
		}

		@Override
		public InputStream decompress(InputStream message) {
			return message;
		}

	}

}
