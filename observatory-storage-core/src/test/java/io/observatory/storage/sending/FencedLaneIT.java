package io.observatory.storage.sending;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

import io.observatory.storage.fault.FaultReport;
import io.observatory.storage.fault.SqlHook;
import io.observatory.storage.sending.Lane.Answer;
import io.observatory.storage.session.LocalFailure;
import io.observatory.storage.table.Schema;
import io.observatory.storage.testing.Database;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A log is taken over from a process that is not quite dead: what it sent before, and
 * what arrives only now, does not move the lane any more.
 */
class FencedLaneIT {

	private static final String SCENARIO = "spool-lane-fence";

	private final Database database = Database.get();

	private final UUID id = UUID.randomUUID();

	private final AtomicReference<@Nullable UUID> bound = new AtomicReference<>();

	private final LogLane before = lane();

	private final LogLane after = lane();

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	@Test
	void aTransactionOfTheEarlierOwnerThatComesLateIsRefused() throws SQLException {
		takeOver(UnaryOperator.identity());
		assertThatExceptionOfType(LocalFailure.class)
			.isThrownBy(() -> advance(this.before, 20, 30, UnaryOperator.identity()))
			.withMessageContaining("moved by somebody else");
		assertThat(rows()).isEqualTo(40);
	}

	@Test
	void withoutTheFenceTheScenarioIsSeenToFail() throws SQLException {
		takeOver((sql) -> sql.replaceAll("epoch = greatest\\(l.epoch, \\?\\) \\+ 1", "epoch = l.epoch + 0 * ?"));
		boolean caught = advance(this.before, 20, 30, UnaryOperator.identity()) == Answer.SEND;
		FaultReport.sabotage("the fence", SCENARIO, caught);
		assertThat(caught).as("rows are stored once more").isTrue();
	}

	/** An earlier process was at row 20, the server has lost ten, another is at 40. */
	private void takeOver(UnaryOperator<String> sabotage) throws SQLException {
		assertThat(advance(this.before, 0, 10, sabotage)).isEqualTo(Answer.SEND);
		assertThat(advance(this.before, 10, 20, sabotage)).isEqualTo(Answer.SEND);
		this.database.jdbc().update("UPDATE observatory.lanes SET position = 1, row_count = 10");
		assertThat(advance(this.after, 20, 40, sabotage)).isEqualTo(Answer.ELSEWHERE);
		assertThat(this.after.rows()).isEqualTo(10);
		assertThat(advance(this.after, 10, 40, sabotage)).isEqualTo(Answer.SEND);
	}

	private Answer advance(LogLane lane, long from, long to, UnaryOperator<String> hook) throws SQLException {
		try (Connection connection = SqlHook.on(this.database.dataSource(), hook).getConnection()) {
			connection.setAutoCommit(false);
			Answer answer = lane.advance(connection, "", from, to);
			if (answer == Answer.SEND) {
				lane.committing();
				connection.commit();
				lane.committed();
			}
			connection.rollback();
			return answer;
		}
	}

	private long rows() {
		Long rows = this.database.jdbc()
			.queryForObject("SELECT row_count FROM observatory.lanes WHERE id = ?", Long.class, this.id);
		return (rows != null) ? rows : -1;
	}

	@Test
	void anotherDatabaseIsSaid() throws SQLException {
		this.bound.set(UUID.randomUUID());
		assertThatExceptionOfType(LocalFailure.class)
			.isThrownBy(() -> advance(this.before, 0, 10, UnaryOperator.identity()))
			.withMessageContaining("belongs to another database");
		assertThat(rowsOfLanes()).isZero();
		assertThat(advance(this.before, 10, 10, UnaryOperator.identity())).as("all of it is stored there")
			.isEqualTo(Answer.STORED);
		assertThat(rowsOfLanes()).isZero();
	}

	private long rowsOfLanes() {
		return this.database.count("lanes");
	}

	private LogLane lane() {
		return new LogLane("logs", 0, new Schema("observatory"), new LaneLog() {
			@Override
			public UUID id() {
				return FencedLaneIT.this.id;
			}

			@Override
			public @Nullable UUID database() {
				return FencedLaneIT.this.bound.get();
			}

			@Override
			public void bind(UUID database) {
				FencedLaneIT.this.bound.set(database);
			}
		});
	}

}
