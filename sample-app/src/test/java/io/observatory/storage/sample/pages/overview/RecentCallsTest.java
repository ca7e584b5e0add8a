package io.observatory.storage.sample.pages.overview;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.observatory.storage.sample.pages.overview.RecentCalls.Found;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeTry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RecentCallsTest {

	private static final Instant START = Instant.parse("2026-03-28T23:30:00Z");

	private static final Duration AT_ONCE = Duration.ZERO;

	private static final Duration LONG = Duration.ofMinutes(1);

	private final List<Call> stored = new ArrayList<>();

	private Instant now = START.plus(Duration.ofDays(1));

	private int read;

	private RecentCalls recent = recent(RecentCalls.MAX_CALLS);

	/** Of a property, all tries have the same instance. */
	@BeforeTry
	void clear() {
		this.stored.clear();
		this.now = START.plus(Duration.ofDays(1));
		this.recent = recent(RecentCalls.MAX_CALLS);
	}

	private RecentCalls recent(int maxCalls) {
		InstantSource clock = () -> this.now;
		return new RecentCalls(this::latest, clock.withZone(Clock.systemUTC().getZone()), maxCalls);
	}

	private List<Call> latest(Instant from, Instant before, int atLeast) {
		List<Call> all = this.stored.stream()
			.filter((call) -> !call.start().isBefore(from) && call.start().isBefore(before))
			.sorted(Comparator.comparing(Call::start).reversed())
			.toList();
		int count = Math.min(atLeast, all.size());
		while (count > 0 && count < all.size() && all.get(count).start().equals(all.get(count - 1).start())) {
			count++;
		}
		this.read += count;
		return all.subList(0, count);
	}

	private void store(Instant start) {
		this.stored.add(new Call(new UUID(0, this.stored.size()), start, 1L, "m", false, null, null));
	}

	/** Few instants, so that many calls start at the same one; most in few minutes. */
	private void store(Random random, int count) {
		for (int i = 0; i < count; i++) {
			int hours = random.nextInt(8);
			store(START.plus(Duration.ofHours((hours < 3) ? hours * 5L : 20))
				.plusMillis(random.nextInt(200) * (long) random.nextInt(2_000)));
		}
	}

	/** However often and for whatever times it is asked, in between and at last. */
	@Property(tries = 50)
	void allCallsAreFoundOnce(@ForAll Random random, @ForAll @IntRange(max = 8_000) int count) {
		store(random, count);
		for (int i = 0; i < 5; i++) {
			Instant from = START.plusSeconds(random.nextInt(80_000));
			Instant to = from.plusSeconds(1 + random.nextInt(80_000));
			Found found = this.recent.find(from, to, AT_ONCE);
			assertThat(ids(found.calls())).isEqualTo(ids(between(found.since(), to)));
			this.now = this.now.plusSeconds(random.nextInt(10_000));
		}
		Found all = this.recent.find(START, this.now, LONG);
		assertThat(all.more()).isFalse();
		assertThat(all.since()).isEqualTo(START);
		assertThat(ids(all.calls())).isEqualTo(ids(this.stored));
	}

	private static List<UUID> ids(List<Call> calls) {
		return calls.stream().map(Call::id).sorted().toList();
	}

	private List<Call> between(Instant from, Instant to) {
		return this.stored.stream()
			.filter((call) -> !call.start().isBefore(from) && call.start().isBefore(to))
			.toList();
	}

	@Test
	void whoAsksAgainGetsFurther() {
		IntStream.range(0, 20_000).forEach((i) -> store(START.plusSeconds(i)));
		int before = 0;
		Found found = this.recent.find(START, this.now, AT_ONCE);
		while (found.more()) {
			assertThat(found.calls()).hasSizeGreaterThan(before);
			before = found.calls().size();
			found = this.recent.find(START, this.now, AT_ONCE);
		}
		assertThat(found.calls()).hasSize(20_000);
	}

	/** While one reads the rest of a minute, another has read it. */
	@Test
	void whatTwoReadAtOnceCountsOnce() {
		IntStream.range(0, 4_000).forEach((i) -> store(START.plusMillis(10L * i)));
		InstantSource clock = () -> this.now;
		AtomicReference<RecentCalls> recent = new AtomicReference<>();
		AtomicBoolean another = new AtomicBoolean();
		recent.set(new RecentCalls((from, before, atLeast) -> {
			List<Call> calls = latest(from, before, atLeast);
			if (from.equals(START) && before.isBefore(START.plus(RecentCalls.SLICE))
					&& another.compareAndSet(false, true)) {
				recent.get().find(START, this.now, LONG);
			}
			return calls;
		}, clock.withZone(Clock.systemUTC().getZone()), RecentCalls.MAX_CALLS));
		recent.get().find(START, this.now, LONG);
		assertThat(another).isTrue();
		assertThat(ids(recent.get().find(START, this.now, LONG).calls())).isEqualTo(ids(this.stored));
	}

	@Test
	void whatIsKnownIsNotReadAgain() {
		store(new Random(1), 5_000);
		this.recent.find(START, this.now, LONG);
		this.read = 0;
		Found again = this.recent.find(START, this.now.minusSeconds(60), AT_ONCE);
		assertThat(again.calls()).hasSize(5_000);
		assertThat(again.more()).isFalse();
		assertThat(this.read).isZero();
	}

	@Test
	void aCallThatIsStoredLateIsSeenLateByAQuarterOfThatAtMost() {
		Instant start = this.now.minusSeconds(60 * 60);
		this.recent.find(START, this.now, LONG);
		store(start);
		this.now = this.now.plusSeconds(14 * 60);
		assertThat(this.recent.find(START, this.now, LONG).calls()).isEmpty();
		this.now = this.now.plusSeconds(60);
		assertThat(this.recent.find(START, this.now, LONG).calls()).hasSize(1);
	}

	@Test
	void aCallOfNowIsSeenAtOnce() {
		this.now = this.now.plusSeconds(30);
		this.recent.find(START, this.now, LONG);
		store(this.now.minusSeconds(29));
		this.now = this.now.plusMillis(1);
		assertThat(this.recent.find(START, this.now, LONG).calls()).hasSize(1);
	}

	/**
	 * The latest are kept; there is an end to reading, and the others are not looked for.
	 */
	@Property(tries = 20)
	void noMoreAreRememberedThanThereIsRoomFor(@ForAll Random random,
			@ForAll @IntRange(min = 1_000, max = 10_000) int room) {
		this.recent = recent(room);
		store(random, 15_000);
		Found found = this.recent.find(START, this.now, LONG);
		assertThat(found.more()).isFalse();
		assertThat(ids(found.calls())).isEqualTo(ids(between(found.since(), this.now)));
		assertThat(found.since()).isAfter(START);
		this.read = 0;
		assertThat(this.recent.find(START, this.now, LONG)).isEqualTo(found);
		assertThat(this.read).isZero();
	}

}
