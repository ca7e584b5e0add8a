package io.observatory.storage.table;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricType;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.row.RowDecoder;
import io.observatory.storage.row.RowEncoder;
import io.observatory.storage.row.Rows;
import io.observatory.storage.row.Rows.Chunk;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MetricClockStepTest {

	private static final Instant AHEAD = Instant.parse("2026-12-28T00:00:00Z");

	private static final Metric METRIC = Metric.builder()
		.name("requests")
		.serviceName("checkout")
		.type(MetricType.COUNTER)
		.build();

	private final SetClock clock = new SetClock();

	private final RowEncoder rows = new RowEncoder(InputPolicy.DEFAULT, this.clock);

	private final MetricsTable table = new MetricsTable(this.clock);

	/** A machine that boots before it has the time from the network. */
	@Test
	void aClockThatIsSetBackDoesNotStopMetricsAndTheLaterVersionStillWins() {
		this.table.write(METRIC, this.rows);
		this.clock.now = AHEAD.minus(Duration.ofDays(30));
		this.table.write(METRIC, this.rows);
		RowDecoder decoder = new Rows(List.of(new Chunk(this.rows.bytes(), 0, this.rows.length(), 2))).decoder();
		decoder.next();
		long first = updatedAt(decoder);
		decoder.next();
		assertThat(updatedAt(decoder)).isGreaterThan(first);
	}

	private long updatedAt(RowDecoder decoder) {
		return decoder.micros(this.table.columns().size() - 1);
	}

	private static final class SetClock extends Clock {

		private Instant now = AHEAD;

		@Override
		public ZoneOffset getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

		@Override
		public Instant instant() {
			return this.now;
		}

	}

}
