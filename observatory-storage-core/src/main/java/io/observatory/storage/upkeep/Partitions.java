package io.observatory.storage.upkeep;

import java.sql.SQLException;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.observatory.storage.error.StorageException;
import io.observatory.storage.session.SinkException;
import io.observatory.storage.table.Schema;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The day partitions of the append tables and the lanes of processes long gone, looked
 * after by functions in the database, so that the writing role need not own the tables.
 * Any number of processes may call them at once.
 * <p>
 * Thread-safe. Failures come as {@link StorageException}.
 */
public final class Partitions {

	/** How many days ahead partitions are made. */
	public static final int DEFAULT_DAYS_AHEAD = 14;

	private static final int TIMEOUT_SECONDS = 30;

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transaction;

	private final Schema schema;

	public Partitions(DataSource dataSource, String schema) {
		this.jdbc = new JdbcTemplate(dataSource);
		// never the caller's own, and committed also where the pool does not auto-commit
		this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.transaction.setTimeout(TIMEOUT_SECONDS);
		this.schema = new Schema(schema);
	}

	/** Makes the partitions that are missing, and returns how many. */
	public int make() {
		return make(DEFAULT_DAYS_AHEAD);
	}

	/**
	 * Makes the partitions that are missing for so many days ahead, and returns how many.
	 */
	public int make(int daysAhead) {
		return call("make_partitions(" + daysAhead + ")");
	}

	/** Returns for how many whole days ahead there are partitions. */
	public int ahead() {
		return call("partitions_ahead()");
	}

	/** Deletes the lanes that were not used for 30 days, and returns how many. */
	public int deleteLanes() {
		return call("delete_lanes()");
	}

	private int call(String function) {
		return translated(function, () -> {
			Integer result = this.transaction.execute((status) -> {
				this.jdbc.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
				return zeroIfNull(this.jdbc.queryForObject("SELECT " + this.schema.qualify(function), Integer.class));
			});
			return zeroIfNull(result);
		});
	}

	private static Integer zeroIfNull(@Nullable Integer result) {
		return (result != null) ? result : 0;
	}

	private static int translated(String function, Supplier<Integer> call) {
		try {
			return call.get();
		}
		catch (DataAccessException | TransactionException ex) {
			throw SinkException.failed(function,
					(NestedExceptionUtils.getMostSpecificCause(ex) instanceof SQLException sql) ? sql
							: new SQLException(ex.getClass().getSimpleName()));
		}
	}

}
