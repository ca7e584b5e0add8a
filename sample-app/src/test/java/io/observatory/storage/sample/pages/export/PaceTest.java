package io.observatory.storage.sample.pages.export;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PaceTest {

	private static final long FETCH = Duration.ofMillis(10).toNanos();

	private final AtomicLong stored = new AtomicLong();

	private final AtomicLong time = new AtomicLong();

	private final AtomicLong rested = new AtomicLong();

	private final Pace pace = new Pace(this.stored::get, this.time::get, (nanos) -> {
		this.rested.addAndGet(nanos);
		this.time.addAndGet(nanos);
	});

	private void work(Duration duration, int recordsASecond) {
		long end = this.time.get() + duration.toNanos();
		long begun = this.time.get();
		long before = this.stored.get();
		while (this.time.get() < end) {
			this.time.addAndGet(FETCH);
			this.stored.set(before + (this.time.get() - begun) * recordsASecond / 1_000_000_000);
			this.pace.after(FETCH);
		}
	}

	@Test
	void besideBusyWritersItRestsFourFifthsOfTheTime() {
		work(Duration.ofSeconds(10), 20_000);
		assertThat(Duration.ofNanos(this.rested.get())).isBetween(Duration.ofMillis(7_900), Duration.ofMillis(8_100));
	}

	@Test
	void whereLittleIsStoredItRestsOnlyUntilItKnows() {
		work(Duration.ofSeconds(2), Pace.BUSY_RECORDS_A_SECOND / 2);
		long atFirst = this.rested.get();
		work(Duration.ofSeconds(10), Pace.BUSY_RECORDS_A_SECOND / 2);
		assertThat(this.rested.get()).isEqualTo(atFirst).isLessThan(Duration.ofSeconds(1).toNanos());
	}

	@Test
	void itNoticesWhenTheWritersBecomeBusy() {
		work(Duration.ofSeconds(5), 0);
		long before = this.rested.get();
		work(Duration.ofSeconds(5), 20_000);
		assertThat(Duration.ofNanos(this.rested.get() - before)).isGreaterThan(Duration.ofSeconds(3));
	}

	@Test
	void shortRestsArePutTogether() {
		this.pace.after(1000);
		assertThat(this.rested).hasValue(0);
		this.pace.after(FETCH);
		assertThat(this.rested).hasValue(4 * (FETCH + 1000));
	}

	@Test
	void afterALongQueryTheRestIsShort() {
		this.pace.after(Duration.ofMinutes(5).toNanos());
		assertThat(Duration.ofNanos(this.rested.get())).isEqualTo(Duration.ofSeconds(10));
	}

}
