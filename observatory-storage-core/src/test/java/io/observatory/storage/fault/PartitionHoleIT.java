package io.observatory.storage.fault;

import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.stats.WriterStatus.State;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.NotOn;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.LogWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A day without a partition, as where people drop days by hand: where the partition can
 * be made it is made, and where it cannot the rows of that day are put aside alone.
 */
@NotOn(value = Engine.TIMESCALEDB, because = "chunks are made when rows come, for any day")
class PartitionHoleIT {

	private static final int NEIGHBOURS = 500;

	private static final String ROLE = "observatory_test_appender";

	private final Database database = Database.get();

	private final CuttingProxy proxy = new CuttingProxy(this.database.port());

	/** The first day that has a partition of its own. */
	private Instant firstDay;

	@BeforeEach
	void dropWhatIsBeforeTheFirstDay() {
		this.database.clear();
		this.firstDay = firstDay();
		this.database.jdbc().execute("DROP TABLE observatory.logs_before");
		this.database.jdbc().execute("CREATE ROLE " + ROLE + " LOGIN");
		this.database.jdbc().execute("GRANT USAGE ON SCHEMA observatory TO " + ROLE);
		this.database.jdbc().execute("GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA observatory TO " + ROLE);
	}

	@AfterEach
	void restore() {
		this.proxy.close();
		this.database.jdbc().execute("DROP OWNED BY " + ROLE);
		this.database.jdbc().execute("DROP ROLE " + ROLE);
		this.database
			.rows("SELECT partition_name FROM observatory.append_partitions() "
					+ "WHERE table_name = 'logs' AND upper_bound <= ?", Timestamp.from(this.firstDay))
			.forEach((row) -> this.database.jdbc().execute("DROP TABLE observatory." + row.get("partition_name")));
		this.database.jdbc().execute("DROP TABLE IF EXISTS observatory.logs_before");
		make("logs_before", null, this.firstDay);
		assertThat(holes()).isZero();
	}

	@Test
	void whatIsBeforeTheFirstDayIsMadeAndStored() {
		LogWriter writer = write(Records.START);
		Stored.assertSettled(writer, NEIGHBOURS + 1, 0, 0);
		assertThat(holes()).isZero();
	}

	@Test
	void aDayBetweenOthersIsMadeAndStored() {
		make("logs_before", null, day(-1));
		LogWriter writer = write(day(-1).plusSeconds(1));
		Stored.assertSettled(writer, NEIGHBOURS + 1, 0, 0);
		assertThat(holes()).isZero();
	}

	/** A writer need not have the right to make partitions. */
	@ParameterizedTest
	@EnumSource(names = { "COPY", "INSERT" })
	void aRowWhosePartitionCannotBeMadeIsPutAsideAlone(WriteMethod method) {
		PGSimpleDataSource dataSource = this.proxy.dataSource();
		dataSource.setUser(ROLE);
		LogWriter writer = new LogWriter(dataSource, config(method));
		write(writer, Records.START);
		Stored.assertSettled(writer, NEIGHBOURS, 1, 0);
		assertThat(this.database.rows("SELECT sql_state, reason FROM observatory.dead_letters")).singleElement()
			.satisfies((letter) -> assertThat(letter).containsEntry("sql_state", "23514")
				.containsEntry("reason", "there is no partition for a row's time, and none could be made"));
	}

	private LogWriter write(Instant late) {
		LogWriter writer = new LogWriter(this.database.dataSource(), config(WriteMethod.COPY));
		write(writer, late);
		return writer;
	}

	private static void write(LogWriter writer, Instant late) {
		try (writer) {
			for (int i = 0; i < NEIGHBOURS; i++) {
				writer.writeLog(log(Instant.now()));
			}
			writer.writeLog(log(late));
			writer.flush();
			assertThat(writer.status().state()).isEqualTo(State.RUNNING);
		}
	}

	private static LogRecord log(Instant time) {
		return LogRecord.builder().timestamp(time).serviceName("checkout").body("text").build();
	}

	private static WriterConfig config(WriteMethod method) {
		return WriterConfig.logs().maxConcurrency(1).batchSize(10_000).writeMethod(method).build();
	}

	private Instant firstDay() {
		Timestamp first = this.database.jdbc()
			.queryForObject("SELECT min(lower_bound) FROM observatory.append_partitions() "
					+ "WHERE table_name = 'logs' AND lower_bound > '-infinity'", Timestamp.class);
		assertThat(first).isNotNull();
		return first.toInstant();
	}

	private Instant day(int offset) {
		return this.firstDay.plus(offset, ChronoUnit.DAYS);
	}

	private void make(String name, Instant from, Instant to) {
		this.database.rows("SELECT observatory.make_partition('logs', ?, ?::timestamptz, ?::timestamptz)", name,
				(from != null) ? from.toString() : "-infinity", to.toString());
	}

	/** Returns how many holes there are between the partitions and before the first. */
	private int holes() {
		return this.database.rows("""
				SELECT FROM (SELECT lower_bound, lag(upper_bound, 1, '-infinity')
				                 OVER (PARTITION BY table_name ORDER BY lower_bound) AS before
				               FROM observatory.append_partitions()) AS p
				WHERE before < lower_bound""").size();
	}

}
