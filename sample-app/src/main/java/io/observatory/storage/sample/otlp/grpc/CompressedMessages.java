package io.observatory.storage.sample.otlp.grpc;

import java.io.InputStream;

import io.grpc.Decompressor;

/**
 * Has gRPC accept gzip and leave it as it is: the intake decompresses, within its bounds
 * and to the end, on its own threads.
 */
final class CompressedMessages implements Decompressor {

	@Override
	public String getMessageEncoding() {
		return "gzip";
	}

	@Override
	public InputStream decompress(InputStream compressed) {
		return compressed;
	}

}
