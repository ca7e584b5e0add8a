package io.observatory.storage.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.observatory.storage.testing.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Derived ids: stored rows depend on them for ever.
 */
class IdsTest {

	private static final int THREADS = 8;

	@Test
	void theseIdsMustNeverChange() {
		assertThat(Ids.trace("4BF92F3577b34da6a3ce929d0e0e4736"))
			.isEqualTo(UUID.fromString("4bf92f35-77b3-4da6-a3ce-929d0e0e4736"));
		assertThat(Ids.trace("order-17")).isEqualTo(version8(sha256("order-17".getBytes(StandardCharsets.UTF_8))));
		assertThat(Ids.metricStream(new UUID(1, 2), "tokens", "1", "sum", "delta", true))
			.isEqualTo(UUID.fromString("a6c3372f-5436-83fe-ae7d-32ad4a6adf6e"));
		assertThat(Ids.metric("tokens", "chat")).isEqualTo(UUID.fromString("41c412b6-622a-8ace-96a9-31453827fe75"));
	}

	@Property(tries = 500, seed = "1")
	void anIdIsTheHashOfItsParts(@ForAll("texts") String first, @ForAll("texts") String second, @ForAll long most,
			@ForAll long least) {
		byte[] name = first.getBytes(StandardCharsets.UTF_8);
		byte[] service = second.getBytes(StandardCharsets.UTF_8);
		byte[] trace = ByteBuffer.allocate(16).putLong(most).putLong(least).array();
		assertThat(Ids.metric(first, second)).isEqualTo(version8(sha256(name, new byte[1], service)));
		assertThat(Ids.span(new UUID(most, least), first))
			.isEqualTo(version8(sha256(trace, Ids.spanId(first).getBytes(StandardCharsets.UTF_8))));
	}

	@Property(tries = 100, seed = "1")
	void aLongNameIsHashedWhole(@ForAll("texts") String end) {
		String name = "n".repeat(2000) + end;
		assertThat(Ids.metric(name, ""))
			.isEqualTo(version8(sha256(name.getBytes(StandardCharsets.UTF_8), new byte[1])));
	}

	/** Both have the same hash code. */
	@Test
	void metricsThatAreKeptInTheSamePlaceHaveTheirOwnIds() {
		assertThat("Aa").hasSameHashCodeAs("BB");
		for (int i = 0; i < 2; i++) {
			for (String name : List.of("Aa", "Aa", "BB")) {
				byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
				assertThat(Ids.metric(name, "BB"))
					.isEqualTo(version8(sha256(bytes, new byte[1], "BB".getBytes(StandardCharsets.UTF_8))));
			}
		}
	}

	@Test
	void hexIdsAreLowerCasedAndOthersLeft() {
		assertThat(Ids.traceId("4BF92F3577B34DA6A3CE929D0E0E4736")).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
		assertThat(Ids.spanId("00F067AA0BA902B7")).isEqualTo("00f067aa0ba902b7");
		for (String other : List.of("4BF92F3577B34DA6A3CE929D0E0E473G", "4BF9", "ＡＢＣＤＥＦ0067aa0ba9", "00F067AA0BA902B@",
				"00F067AA0BA902B`", "")) {
			assertThat(Ids.traceId(other)).isEqualTo(other);
			assertThat(Ids.spanId(other)).isEqualTo(other);
		}
	}

	/** Digests are shared: no two threads may use one at the same time. */
	@Test
	void manyThreadsGetTheSameIdsAsOne() throws InterruptedException, ExecutionException {
		List<UUID> expected = ids();
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try {
			CountDownLatch ready = new CountDownLatch(THREADS);
			List<Future<List<UUID>>> found = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				found.add(threads.submit(() -> {
					ready.countDown();
					ready.await();
					return ids();
				}));
			}
			for (Future<List<UUID>> each : found) {
				assertThat(each.get()).isEqualTo(expected);
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	/** Two that differ in anything are two; the texts are such as run into each other. */
	@Property(tries = 200)
	void streamsThatDifferHaveIdsThatDiffer(@ForAll("streams") Set<Stream> streams) {
		assertThat(streams.stream().map(Stream::id).distinct()).hasSameSizeAs(streams)
			.allMatch((id) -> id.version() == 8 && id.variant() == 2);
	}

	@Provide
	static Arbitrary<Set<Stream>> streams() {
		Arbitrary<String> texts = net.jqwik.api.Arbitraries.of("", "a", "b", "ab", "ba", "null", "true", "\u0000");
		return Combinators
			.combine(net.jqwik.api.Arbitraries.integers().between(0, 2), texts, texts.injectNull(0.2), texts,
					texts.injectNull(0.2), net.jqwik.api.Arbitraries.of(true, false).injectNull(0.3))
			.as(Stream::new)
			.set()
			.ofMaxSize(100);
	}

	private record Stream(int origin, String name, String unit, String kind, String temporality, Boolean monotonic) {

		UUID id() {
			return Ids.metricStream(new UUID(this.origin, 1), this.name, this.unit, this.kind, this.temporality,
					this.monotonic);
		}

	}

	private static List<UUID> ids() {
		List<UUID> ids = new ArrayList<>();
		for (int i = 0; i < 20_000; i++) {
			ids.add(Ids.metric("metric-" + i, "service"));
		}
		return ids;
	}

	private static byte[] sha256(byte[]... parts) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			for (byte[] part : parts) {
				digest.update(part);
			}
			return digest.digest();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static UUID version8(byte[] hash) {
		ByteBuffer bytes = ByteBuffer.wrap(hash);
		bytes.put(6, (byte) (hash[6] & 0x0F | 0x80));
		bytes.put(8, (byte) (hash[8] & 0x3F | 0x80));
		return new UUID(bytes.getLong(), bytes.getLong());
	}

	@Provide
	Arbitrary<String> texts() {
		return Arbitraries.texts();
	}

}
