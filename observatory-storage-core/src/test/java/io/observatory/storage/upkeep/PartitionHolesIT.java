package io.observatory.storage.upkeep;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;

import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.NotOn;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Days that are missing between others, or before the first: a row of such a day has to
 * have a home again.
 */
@NotOn(value = Engine.TIMESCALEDB, because = "chunks are made when rows come, for any day")
class PartitionHolesIT {

	private static final String SCHEMA = "holes";

	private static final Instant TODAY = Instant.now().truncatedTo(ChronoUnit.DAYS);

	private final Database database = Database.get();

	private final JdbcTemplate jdbc = this.database.jdbc();

	@BeforeEach
	void migrate() {
		this.jdbc.execute("DROP SCHEMA IF EXISTS holes CASCADE");
		Database.migrate(this.database.dataSource(), SCHEMA);
		assertThat(make()).isZero();
	}

	@Test
	void dayBetweenOthersIsMadeAgain() {
		this.jdbc.execute("DROP TABLE holes." + partitionOf(day(3)));
		assertThat(make()).isOne();
		assertThat(partitionOf(day(3))).isEqualTo(name(3));
	}

	@Test
	void timeBeforeTheFirstDayIsMadeAgain() {
		this.jdbc.execute("DROP TABLE holes.logs_before");
		assertThat(make()).isOne();
		assertThat(partitionOf(day(-10_000))).isEqualTo("logs_before");
		assertThat(partitionOf(day(0).minusNanos(1000))).isEqualTo("logs_before");
	}

	@Test
	void detachedDayKeepsItsName() {
		this.jdbc.execute("ALTER TABLE holes.logs DETACH PARTITION holes." + name(3));
		assertThat(make()).isOne();
		assertThat(partitionOf(day(3))).isEqualTo(name(3) + "_");
	}

	@Test
	void partOfADayIsMadeOfWhatIsMissing() {
		this.jdbc.execute("DROP TABLE holes." + partitionOf(day(3)));
		this.jdbc.execute("CREATE TABLE holes.noon PARTITION OF holes.logs FOR VALUES FROM ('%s') TO ('%s')"
			.formatted(noon(), noon().plusNanos(1000)));
		assertThat(make()).isEqualTo(2);
		assertThat(partitionOf(noon())).isEqualTo("noon");
		assertThat(partitionOf(day(3))).isEqualTo(name(3));
		assertThat(partitionOf(noon().plusNanos(1000))).isEqualTo(name(3) + "_");
	}

	private static Instant noon() {
		return day(3).plus(12, ChronoUnit.HOURS);
	}

	@Test
	void longHoleInThePastIsOnePartition() {
		this.jdbc.execute("DROP TABLE holes.logs_before");
		this.jdbc.execute("SELECT holes.make_partition('logs', 'logs_before', '-infinity', '%s')".formatted(day(-40)));
		assertThat(make()).isOne();
		assertThat(partitionOf(day(-40))).isEqualTo(partitionOf(day(-1)));
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void whateverIsDroppedAllTimeIsCoveredAgain(long seed) {
		String covered = covered();
		Random random = new Random(seed);
		List<String> dropped = this.jdbc
			.queryForList("SELECT partition_name FROM holes.append_partitions()", String.class)
			.stream()
			.filter((partition) -> random.nextBoolean())
			.toList();
		this.jdbc.execute("DROP TABLE holes." + String.join(", holes.", dropped));
		assertThat(covered()).isNotEqualTo(covered);
		assertThat(make()).isEqualTo(dropped.size());
		assertThat(covered()).isEqualTo(covered);
	}

	private String covered() {
		return String
			.valueOf(this.jdbc.queryForList("SELECT table_name, range_agg(tstzrange(lower_bound, upper_bound)) "
					+ "FROM holes.append_partitions() GROUP BY table_name ORDER BY table_name"));
	}

	private int make() {
		Integer made = this.jdbc.queryForObject("SELECT holes.make_partitions()", Integer.class);
		return (made != null) ? made : -1;
	}

	private static Instant day(int days) {
		return TODAY.plus(days, ChronoUnit.DAYS);
	}

	private static String name(int days) {
		return "logs_" + day(days).toString().substring(0, 10).replace("-", "");
	}

	/** Where a row of this time goes. */
	private String partitionOf(Instant time) {
		this.jdbc.update(
				"INSERT INTO holes.logs (id, timestamp, service_name) VALUES (gen_random_uuid(), ?::timestamptz, 's')",
				time.toString());
		return String.valueOf(this.jdbc.queryForObject("SELECT partition_name FROM holes.append_partitions() "
				+ "WHERE table_name = 'logs' AND ?::timestamptz >= lower_bound AND ?::timestamptz < upper_bound",
				String.class, time.toString(), time.toString()));
	}

}
