package io.observatory.storage.sample.intake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ContentEncodingTest {

	private static final byte[] TEXT = "nothing is lost ".repeat(100).getBytes(StandardCharsets.UTF_8);

	private final MemoryBudget memory = new MemoryBudget(128 * 1024 * 1024);

	private byte[] decompress(ContentEncoding encoding, byte[] bytes) {
		try (Request request = Requests.open(this.memory)) {
			Body body = encoding.decompress(Requests.body(request, bytes), request.newBody());
			return Arrays.copyOf(body.array(), body.size());
		}
	}

	private static byte[] gzip(byte[] bytes) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
			gzip.write(bytes);
		}
		return out.toByteArray();
	}

	private static byte[] deflate(byte[] bytes, boolean zlib) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, !zlib);
		try (DeflaterOutputStream deflate = new DeflaterOutputStream(out, deflater)) {
			deflate.write(bytes);
		}
		finally {
			deflater.end();
		}
		return out.toByteArray();
	}

	private static byte[] compress(ContentEncoding encoding, byte[] bytes) throws IOException {
		return switch (encoding) {
			case IDENTITY -> bytes;
			case GZIP -> gzip(bytes);
			case DEFLATE -> deflate(bytes, true);
		};
	}

	@ParameterizedTest
	@EnumSource
	void whatWasCompressedIsDecompressedAndItsMemoryGivenBack(ContentEncoding encoding) throws IOException {
		assertThat(decompress(encoding, compress(encoding, TEXT))).isEqualTo(TEXT);
		assertThat(this.memory.used()).isZero();
	}

	@Test
	void deflateMayBeBare() throws IOException {
		assertThat(decompress(ContentEncoding.DEFLATE, deflate(TEXT, false))).isEqualTo(TEXT);
	}

	@Test
	void aThousandMembersOfGzipAreOneBody() throws IOException {
		ByteArrayOutputStream members = new ByteArrayOutputStream();
		ByteArrayOutputStream whole = new ByteArrayOutputStream();
		for (int i = 0; i < 1000; i++) {
			byte[] part = ("part " + i + " ").getBytes(StandardCharsets.UTF_8);
			whole.write(part);
			members.write(gzip(part));
		}
		assertThat(decompress(ContentEncoding.GZIP, members.toByteArray())).isEqualTo(whole.toByteArray());
	}

	/**
	 * Cut between two members, it is shorter but not damaged; that is all there can be.
	 */
	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
	void cutAtAnyByteItIsRefused(ContentEncoding encoding) throws IOException {
		byte[] member = compress(encoding, TEXT);
		byte[] bytes = member;
		if (encoding == ContentEncoding.GZIP) {
			bytes = Arrays.copyOf(member, 2 * member.length);
			System.arraycopy(member, 0, bytes, member.length, member.length);
		}
		for (int length = 0; length < bytes.length; length++) {
			if (encoding == ContentEncoding.GZIP && length == member.length) {
				continue;
			}
			byte[] cut = Arrays.copyOf(bytes, length);
			assertThatExceptionOfType(RequestException.class).as("%d of %d bytes", length, bytes.length)
				.isThrownBy(() -> decompress(encoding, cut))
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RefusalReason.MALFORMED));
		}
		assertThat(this.memory.used()).isZero();
	}

	@Test
	void whatComesAfterAMemberMustBeOne() throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.write(gzip(TEXT));
		bytes.write("garbage".getBytes(StandardCharsets.UTF_8));
		assertThatExceptionOfType(RequestException.class)
			.isThrownBy(() -> decompress(ContentEncoding.GZIP, bytes.toByteArray()));
	}

	@Test
	void whatIsTooLargeIsRefusedBeforeItIsInMemory() throws IOException {
		byte[] bomb = gzip(new byte[65 * 1024 * 1024]);
		assertThatExceptionOfType(RequestException.class).isThrownBy(() -> decompress(ContentEncoding.GZIP, bomb))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RefusalReason.TOO_LARGE))
			.withMessageContaining("sample.intake.max-request-size");
	}

	@Test
	void namesOfEncodings() {
		assertThat(ContentEncoding.of(null)).isEqualTo(ContentEncoding.IDENTITY);
		assertThat(ContentEncoding.of("Identity")).isEqualTo(ContentEncoding.IDENTITY);
		assertThat(ContentEncoding.of(" X-GZIP ")).isEqualTo(ContentEncoding.GZIP);
		assertThatExceptionOfType(RequestException.class).isThrownBy(() -> ContentEncoding.of("zstd"))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RefusalReason.UNSUPPORTED));
	}

}
