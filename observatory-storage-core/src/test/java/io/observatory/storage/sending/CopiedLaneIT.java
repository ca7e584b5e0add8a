package io.observatory.storage.sending;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.sql.Connection;
import java.sql.SQLException;

import io.observatory.storage.table.Schema;
import io.observatory.storage.testing.Database;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two lanes of one state, as a snapshot of a running process or of its machine leaves
 * them: neither takes the other's step for its own, and each goes on.
 */
class CopiedLaneIT {

	private final Database database = Database.get();

	private final Lane lane = new Lane("logs", 0, new Schema("observatory"));

	@BeforeEach
	void begin() throws SQLException {
		this.database.clear();
		assertThat(isToBeStored(this.lane, End.COMMITTED)).isTrue();
	}

	@Test
	void whereNothingIsInDoubtTheSecondTakesANewLane() throws Exception {
		Lane copy = copyOf(this.lane);
		assertThat(isToBeStored(copy, End.COMMITTED)).isTrue();
		assertThat(isToBeStored(this.lane, End.COMMITTED)).isTrue();
		assertThat(isToBeStored(this.lane, End.COMMITTED)).isTrue();
		assertThat(isToBeStored(copy, End.COMMITTED)).isTrue();
		assertThat(this.database.jdbc().queryForList("SELECT position FROM observatory.lanes ORDER BY 1", Long.class))
			.containsExactly(2L, 3L);
	}

	@Test
	void aStepOfTheCopyIsNotTakenForTheOneInDoubt() throws Exception {
		Lane copy = copyOf(this.lane);
		assertThat(isToBeStored(this.lane, End.LOST)).isTrue();
		assertThat(isToBeStored(copy, End.COMMITTED)).isTrue();
		assertThat(isToBeStored(this.lane, End.COMMITTED)).as("the batch in doubt is to be sent again").isTrue();
	}

	@Test
	void aStepThatTookPlaceIsKnownAgainWhateverTheCopyDoes() throws Exception {
		Lane copy = copyOf(this.lane);
		assertThat(isToBeStored(this.lane, End.UNANSWERED)).isTrue();
		assertThat(isToBeStored(copy, End.COMMITTED)).isTrue();
		assertThat(isToBeStored(this.lane, End.COMMITTED)).as("the batch in doubt is to be sent again").isFalse();
	}

	/** The batch in doubt is the same one then. */
	@Test
	void aCopyMadeInDoubtKnowsTheStepAsWell() throws Exception {
		assertThat(isToBeStored(this.lane, End.UNANSWERED)).isTrue();
		Lane copy = copyOf(this.lane);
		assertThat(isToBeStored(copy, End.COMMITTED)).isFalse();
		assertThat(isToBeStored(this.lane, End.COMMITTED)).isFalse();
	}

	/** How a transaction ends, and what the lane gets to know of it. */
	private enum End {

		COMMITTED, UNANSWERED, LOST

	}

	private boolean isToBeStored(Lane lane, End end) throws SQLException {
		try (Connection connection = this.database.dataSource().getConnection()) {
			connection.setAutoCommit(false);
			boolean stored = lane.advance(connection, "", 0, 10) == Lane.Answer.SEND;
			if (stored) {
				lane.committing();
				if (end != End.LOST) {
					connection.commit();
				}
			}
			if (!stored || end == End.COMMITTED) {
				lane.committed();
			}
			connection.rollback();
			return stored;
		}
	}

	private static Lane copyOf(Lane lane) throws ReflectiveOperationException {
		Lane copy = new Lane("logs", 0, new Schema("observatory"));
		for (Field field : Lane.class.getDeclaredFields()) {
			if (!Modifier.isStatic(field.getModifiers())) {
				field.setAccessible(true);
				field.set(copy, field.get(lane));
			}
		}
		return copy;
	}

}
