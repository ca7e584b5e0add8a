package io.observatory.storage.sample.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;

import org.springframework.http.HttpStatus;
import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RequestBodyTest {

	private static MockHttpServletRequest request(byte[] body, String encoding) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setContent(body);
		if (encoding != null) {
			request.addHeader("Content-Encoding", encoding);
		}
		return request;
	}

	private static byte[] gzip(byte[] bytes) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
			gzip.write(bytes);
		}
		return out.toByteArray();
	}

	private static void assertRefused(MockHttpServletRequest request, HttpStatus status) {
		assertThatExceptionOfType(RequestException.class).isThrownBy(() -> RequestBody.read(request))
			.satisfies((ex) -> assertThat(ex.status()).isEqualTo(status));
	}

	@Test
	void plain() throws IOException {
		assertThat(RequestBody.read(request(new byte[] { 1, 2 }, null))).containsExactly(1, 2);
		assertThat(RequestBody.read(request(new byte[] { 1, 2 }, "identity"))).containsExactly(1, 2);
	}

	@Test
	void gzipped() throws IOException {
		assertThat(RequestBody.read(request(gzip(new byte[] { 1, 2 }), "GZIP"))).containsExactly(1, 2);
	}

	@Test
	void asLargeAsAllowed() throws IOException {
		assertThat(RequestBody.read(request(gzip(new byte[RequestBody.MAX_BYTES]), "gzip")))
			.hasSize(RequestBody.MAX_BYTES);
	}

	@Test
	void tooLarge() throws IOException {
		assertRefused(request(new byte[RequestBody.MAX_BYTES + 1], null), HttpStatus.CONTENT_TOO_LARGE);
		assertRefused(request(gzip(new byte[RequestBody.MAX_BYTES + 1]), "gzip"), HttpStatus.CONTENT_TOO_LARGE);
	}

	@Test
	void notGzip() throws IOException {
		byte[] gzipped = gzip(new byte[1000]);
		assertRefused(request(new byte[] { 1, 2, 3 }, "gzip"), HttpStatus.BAD_REQUEST);
		assertRefused(request(new byte[0], "gzip"), HttpStatus.BAD_REQUEST);
		assertRefused(request(Arrays.copyOf(gzipped, gzipped.length - 3), "gzip"), HttpStatus.BAD_REQUEST);
	}

	@Test
	void anotherEncoding() {
		assertRefused(request(new byte[0], "br"), HttpStatus.UNSUPPORTED_MEDIA_TYPE);
	}

}
