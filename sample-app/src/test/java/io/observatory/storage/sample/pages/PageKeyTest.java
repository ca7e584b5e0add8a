package io.observatory.storage.sample.pages;

import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PageKeyTest {

	/** As PostgreSQL has them, which compares the bytes of a UUID; Java's are signed. */
	@Test
	void theLargestComesFirstAndAmongEqualOnesTheLargestId() {
		PageKey slow = new PageKey(2, new UUID(1, 1));
		PageKey high = new PageKey(1, new UUID(0xffffL << 48, 0));
		PageKey middle = new PageKey(1, new UUID(1, -1));
		PageKey low = new PageKey(1, new UUID(1, 1));
		PageKey unfinished = new PageKey(-1, new UUID(5, 5));
		assertThat(Stream.of(low, unfinished, high, slow, middle).sorted()).containsExactly(slow, high, middle, low,
				unfinished);
	}

	@Test
	void onlyWhatStartedEarlierComesAfterATime() {
		Instant time = Instant.parse("2026-11-28T10:00:00.123456Z");
		PageKey place = PageKey.olderThan(time);
		assertThat(place.startTime()).isEqualTo(time);
		assertThat(new PageKey(place.value(), UUID.randomUUID())).isLessThan(place);
		assertThat(new PageKey(place.value() - 1, UUID.randomUUID())).isGreaterThan(place);
		assertThat(PageKey.parse(place.toString())).isEqualTo(place);
	}

}
