package io.observatory.storage.sample.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request, gzip or not. What is decompressed has a bound.
 */
public final class RequestBody {

	/** The most bytes that a body may have after decompression. */
	public static final int MAX_BYTES = 20 * 1024 * 1024;

	private RequestBody() {
	}

	/**
	 * Returns the body.
	 * @throws RequestException when it is too large, not valid gzip, or in another
	 * encoding
	 */
	public static byte[] read(HttpServletRequest request) throws IOException {
		if (request.getContentLengthLong() > MAX_BYTES) {
			throw RequestException.tooLarge(MAX_BYTES);
		}
		try (InputStream in = decompressed(request.getInputStream(), request.getHeader("Content-Encoding"))) {
			byte[] body = in.readNBytes(MAX_BYTES + 1);
			if (body.length > MAX_BYTES) {
				throw RequestException.tooLarge(MAX_BYTES);
			}
			return body;
		}
		catch (ZipException | EOFException ex) {
			throw RequestException.malformed("The body is not valid gzip");
		}
	}

	private static InputStream decompressed(InputStream in, @Nullable String encoding) throws IOException {
		if (encoding == null || encoding.isBlank() || encoding.equalsIgnoreCase("identity")) {
			return in;
		}
		if (encoding.equalsIgnoreCase("gzip")) {
			return new GZIPInputStream(in, 8 * 1024);
		}
		throw RequestException.unsupported("Content-Encoding must be gzip, identity or none");
	}

}
