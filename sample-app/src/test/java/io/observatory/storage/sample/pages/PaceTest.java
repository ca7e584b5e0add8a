package io.observatory.storage.sample.pages;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class PaceTest {

	@Test
	void thereIsAFirstStepAndThenMoreAtATimeUntilTheTimeIsOver() {
		Pace pace = new Pace(Patience.AT_ONCE.budget());
		int first = pace.next();
		assertThat(first).isPositive();
		// no row was read: each step is quick
		await().pollInterval(Patience.AT_ONCE.budget().dividedBy(10)).until(pace::next, (rows) -> rows == 0);
		assertThat(pace.next()).isZero();
	}

	@Test
	void quickStepsGrowAndNeverBeyondWhatOneStatementMayRead() {
		Pace pace = new Pace(Patience.MEANWHILE.budget());
		int rows = pace.next();
		for (int i = 0; i < 20; i++) {
			int next = pace.next();
			assertThat(next).isGreaterThanOrEqualTo(rows).isLessThanOrEqualTo(16_000);
			rows = next;
		}
		assertThat(rows).isEqualTo(16_000);
	}

	@Test
	void onlyThePageThatAsksForMoreIsPatient() {
		assertThat(Patience.of("more")).isEqualTo(Patience.MEANWHILE);
		assertThat(Patience.of("")).isEqualTo(Patience.AT_ONCE);
		assertThat(Patience.of("lines")).isEqualTo(Patience.AT_ONCE);
	}

}
