package io.observatory.storage.sample.intake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * How a body is compressed (RFC 9110, section 8.4.1).
 */
public enum ContentEncoding {

	IDENTITY("the body") {

		@Override
		InputStream open(Body body, InputStream in) {
			return in;
		}

	},

	/**
	 * One or more members, each checked to its end; the JDK's class does not check all of
	 * them.
	 */
	GZIP("gzip") {

		@Override
		InputStream open(Body body, InputStream in) throws IOException {
			return GzipCompressorInputStream.builder().setInputStream(in).setDecompressConcatenated(true).get();
		}

	},

	/** The zlib format, and raw deflate, which some clients send instead. */
	DEFLATE("deflate") {

		@Override
		InputStream open(Body body, InputStream in) {
			Inflater inflater = new Inflater(!isZlib(body));
			return new InflaterInputStream(in, inflater) {

				@Override
				public void close() throws IOException {
					super.close();
					inflater.end();
				}

			};
		}

		private static boolean isZlib(Body body) {
			byte[] bytes = body.array();
			return body.size() >= 2 && (bytes[0] & 0x0F) == 8
					&& ((((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF)) % 31) == 0;
		}

	};

	private final String format;

	ContentEncoding(String format) {
		this.format = format;
	}

	/**
	 * Returns the encoding by the value of a header.
	 * @throws RequestException when it is another one
	 */
	public static ContentEncoding of(@Nullable String header) {
		return switch ((header != null) ? header.strip().toLowerCase(Locale.ROOT) : "") {
			case "", "identity" -> IDENTITY;
			case "gzip", "x-gzip" -> GZIP;
			case "deflate" -> DEFLATE;
			default ->
				throw RequestException.unsupported("Content-Encoding must be gzip, x-gzip, deflate, identity or none");
		};
	}

	/**
	 * Decompresses a body; the compressed one is released.
	 * @throws RequestException when it is damaged, cut, too large, or there is no memory
	 */
	Body decompress(Body body, Body into) {
		if (this == IDENTITY) {
			return body;
		}
		ByteArrayInputStream in = new ByteArrayInputStream(body.array(), 0, body.size());
		try (InputStream decompressed = open(body, in)) {
			into.readAll(decompressed);
		}
		catch (IOException ex) {
			throw RequestException.malformed("The body is not valid " + this.format);
		}
		body.clear();
		return into;
	}

	abstract InputStream open(Body body, InputStream in) throws IOException;

}
