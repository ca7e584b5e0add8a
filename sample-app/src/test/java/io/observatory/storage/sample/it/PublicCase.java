package io.observatory.storage.sample.it;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.regex.Pattern;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A request of {@code cases/}; its README has the format.
 *
 * @param method the method
 * @param path the path
 * @param headers the headers
 * @param body the body, as it is sent
 * @param chunked whether it is sent in chunks
 */
record PublicCase(String method, String path, Map<String, String> headers, byte[] body, boolean chunked) {

	private static final Pattern TIME = Pattern.compile("@\\{([+-]?[0-9.]+)s(?::(\\w+))?}");

	static PublicCase read(String name) {
		String[] lines = text("/cases/" + name).split("\n", 3);
		String[] request = lines[1].split(" ", 3);
		Map<String, String> headers = new LinkedHashMap<>();
		for (String header : request[2].split("\\|")) {
			int colon = header.indexOf(':');
			headers.put(header.substring(0, colon), header.substring(colon + 1));
		}
		String zip = headers.remove("X-Zip");
		boolean chunked = headers.remove("X-Chunked") != null;
		return new PublicCase(request[0], request[1], headers,
				compress(zip, body((lines.length > 2) ? lines[2].stripTrailing() : "")), chunked);
	}

	private static String text(String resource) {
		try (InputStream in = Objects.requireNonNull(PublicCase.class.getResourceAsStream(resource), resource)) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Returns a body without a head, its times counted from one that is given. */
	static String body(String resource, Instant now) {
		return replaceTimes(text(resource), now, Long::toString);
	}

	private static byte[] body(String text) {
		Instant now = Instant.now();
		if (!text.startsWith("hex:")) {
			return replaceTimes(text, now, Long::toString).getBytes(StandardCharsets.UTF_8);
		}
		String hex = replaceTimes(text.substring(4), now, (nanos) -> HexFormat.of()
			.formatHex(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(nanos).array()));
		return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
	}

	private static String replaceTimes(String text, Instant now, LongFunction<String> format) {
		long base = now.getEpochSecond() * 1_000_000_000 + now.getNano();
		return TIME.matcher(text).replaceAll((match) -> {
			long nanos = base + new BigDecimal(match.group(1)).movePointRight(9).longValue();
			return format.apply(nanos / unit(match.group(2)));
		});
	}

	private static long unit(String name) {
		return switch (String.valueOf(name)) {
			case "us" -> 1_000;
			case "ms" -> 1_000_000;
			case "s" -> 1_000_000_000;
			default -> 1;
		};
	}

	private static byte[] compress(String zip, byte[] body) {
		if (zip == null) {
			return body;
		}
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (var compressing = zip.equals("gzip") ? new GZIPOutputStream(out) : new DeflaterOutputStream(out)) {
			compressing.write(body);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return out.toByteArray();
	}

	HttpRequest.Builder on(SampleProcess sample) {
		HttpRequest.Builder request = sample.request(this.path);
		this.headers.forEach((name, value) -> {
			if (!name.equals("Origin")) {
				request.header(name, value);
			}
		});
		BodyPublisher publisher = this.chunked ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(this.body))
				: BodyPublishers.ofByteArray(this.body);
		return request.method(this.method, publisher);
	}

}
