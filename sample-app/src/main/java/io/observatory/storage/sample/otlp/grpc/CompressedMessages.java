package io.observatory.storage.sample.otlp.grpc;

import java.io.InputStream;

import io.grpc.Decompressor;

/**
 * Makes gRPC accept gzip without decompressing it. The intake decompresses it, within its
 * bounds and to the end, in its own threads.
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
