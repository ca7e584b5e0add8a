package io.observatory.storage.bench;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import javax.sql.DataSource;

import io.observatory.storage.bench.SqlTable.Field;
import io.observatory.storage.row.ColumnType;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.ObjectMapper;

/**
 * {@code JdbcTemplate.batchUpdate}, a transaction a batch; whether the driver rewrites
 * the batch is a matter of the data source.
 */
final class JdbcBatch implements Technique {

	private static final int BATCH = 1000;

	private static final double SHARE = 1.0 / 3;

	private static final ObjectMapper JSON = new ObjectMapper();

	private final String name;

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transactions;

	JdbcBatch(String name, DataSource dataSource) {
		this.name = name;
		this.jdbc = new JdbcTemplate(dataSource);
		this.transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public int batch() {
		return BATCH;
	}

	@Override
	public double share() {
		return SHARE;
	}

	@Override
	public <T> Session open(Workload<T> workload, int connections) {
		return (from, to) -> workload.batches(from, to, BATCH,
				(batch) -> this.transactions.executeWithoutResult((status) -> insert(workload.loads(batch))));
	}

	private void insert(List<SqlTable.TableStore<?>> loads) {
		loads.forEach(this::insert);
	}

	private <R> void insert(SqlTable.TableStore<R> load) {
		this.jdbc.batchUpdate(load.table().insert(), load.rows(), load.rows().size(),
				(statement, row) -> bind(statement, load.table().fields(), row));
	}

	private static <R> void bind(PreparedStatement statement, List<Field<R>> fields, R row) throws SQLException {
		for (int i = 0; i < fields.size(); i++) {
			Field<R> field = fields.get(i);
			bind(statement, i + 1, field.type(), field.value().apply(row));
		}
	}

	private static void bind(PreparedStatement statement, int index, ColumnType type, @Nullable Object value)
			throws SQLException {
		switch (type) {
			case TEXT -> statement.setString(index, (String) value);
			case JSONB -> statement.setString(index, JSON.writeValueAsString(value));
			case UUID -> statement.setObject(index, value);
			case TIMESTAMPTZ ->
				statement.setObject(index, (value != null) ? ((Instant) value).atOffset(ZoneOffset.UTC) : null);
			case SMALLINT, INTEGER -> statement.setObject(index, value, Types.INTEGER);
			case BIGINT -> statement.setObject(index, value, Types.BIGINT);
			case DOUBLE -> statement.setObject(index, value, Types.DOUBLE);
		}
	}

}
