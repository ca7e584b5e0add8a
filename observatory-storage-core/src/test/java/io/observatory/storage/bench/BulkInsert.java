package io.observatory.storage.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;

import javax.sql.DataSource;

import de.bytefish.pgbulkinsert.PgBulkInsert;
import de.bytefish.pgbulkinsert.mapping.AbstractMapping;
import io.observatory.storage.bench.SqlTable.Field;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.ObjectMapper;

/**
 * PgBulkInsert, a transaction a batch. It has no answer to a key that exists already:
 * that the batch of new traces and spans goes through is all that it can do there.
 */
final class BulkInsert implements Technique {

	private static final int BATCH = 5000;

	private static final ObjectMapper JSON = new ObjectMapper();

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transactions;

	BulkInsert(DataSource dataSource) {
		this.jdbc = new JdbcTemplate(dataSource);
		this.transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
	}

	@Override
	public String name() {
		return "pgbulkinsert";
	}

	@Override
	public int batch() {
		return BATCH;
	}

	@Override
	public double share() {
		return 1;
	}

	@Override
	public <T> Session open(Workload<T> workload, int connections) {
		return (from, to) -> workload.batches(from, to, BATCH,
				(batch) -> this.transactions.executeWithoutResult((status) -> copy(workload.loads(batch))));
	}

	private void copy(List<SqlTable.TableStore<?>> loads) {
		this.jdbc.execute((ConnectionCallback<@Nullable Void>) (connection) -> {
			for (SqlTable.TableStore<?> load : loads) {
				copy(connection, load);
			}
			return null;
		});
	}

	private static <R> void copy(Connection connection, SqlTable.TableStore<R> load) throws SQLException {
		new PgBulkInsert<>(new Mapping<>(load.table())).saveAll(connection.unwrap(PGConnection.class), load.rows());
	}

	/**
	 * The columns as PgBulkInsert wants them.
	 */
	private static final class Mapping<R> extends AbstractMapping<R> {

		Mapping(SqlTable<R> table) {
			super(table.schema(), table.name());
			table.fields().forEach(this::map);
		}

		private void map(Field<R> field) {
			switch (field.type()) {
				case TEXT -> mapText(field.column(), as(field));
				case JSONB -> mapJsonb(field.column(), (row) -> JSON.writeValueAsString(field.value().apply(row)));
				case UUID -> mapUUID(field.column(), as(field));
				case TIMESTAMPTZ -> {
					Function<R, @Nullable Instant> time = as(field);
					mapTimeStampTz(field.column(), (row) -> {
						Instant value = time.apply(row);
						return (value != null) ? value.atZone(ZoneOffset.UTC) : null;
					});
				}
				case SMALLINT, INTEGER -> mapInteger(field.column(), as(field));
				case BIGINT -> mapLong(field.column(), as(field));
				case DOUBLE -> mapDouble(field.column(), as(field));
			}
		}

		@SuppressWarnings("unchecked") // a field's type tells its value's
		private static <R, V> Function<R, V> as(Field<R> field) {
			return (row) -> (V) field.value().apply(row);
		}

	}

}
