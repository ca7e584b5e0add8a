package io.observatory.storage.sample.pages;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class StepSizeTest {

	@Test
	void thereIsAFirstStepAndThenMoreAtATimeUntilTheTimeIsOver() {
		StepSize pace = new StepSize(QueryBudget.AT_ONCE.budget());
		int first = pace.next();
		assertThat(first).isPositive();
		// no row was read: each step is quick
		await().pollInterval(QueryBudget.AT_ONCE.budget().dividedBy(10)).until(pace::next, (rows) -> rows == 0);
		assertThat(pace.next()).isZero();
	}

	@Test
	void quickStepsGrowAndNeverBeyondWhatOneStatementMayRead() {
		StepSize pace = new StepSize(QueryBudget.MEANWHILE.budget());
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
		assertThat(QueryBudget.of("more")).isEqualTo(QueryBudget.MEANWHILE);
		assertThat(QueryBudget.of("")).isEqualTo(QueryBudget.AT_ONCE);
		assertThat(QueryBudget.of("lines")).isEqualTo(QueryBudget.AT_ONCE);
	}

}
