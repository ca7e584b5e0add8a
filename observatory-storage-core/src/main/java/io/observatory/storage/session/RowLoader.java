package io.observatory.storage.session;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

import io.observatory.storage.row.ArrayLiteral;
import io.observatory.storage.row.Column;
import io.observatory.storage.row.RowDecoder;
import io.observatory.storage.row.Rows;
import io.observatory.storage.table.Schema;
import io.observatory.storage.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * How rows get to the server within a transaction: {@link CopyLoader} or, where COPY
 * cannot go, {@link UnnestLoader}.
 */
public abstract class RowLoader {

	private final Connection connection;

	private final Schema schema;

	private final String preamble;

	RowLoader(Connection connection, Schema schema, String preamble) {
		this.connection = connection;
		this.schema = schema;
		this.preamble = preamble;
	}

	/** Puts rows into their table, which has no conflict rule. */
	public abstract void append(Table<?> table, Rows rows) throws SQLException;

	/** Makes rows readable for the statements of an upsert. */
	public abstract Staged stage(Table<?> table, Rows rows) throws SQLException;

	/**
	 * Returns the table that the last COPY was for and that it did not finish, if any.
	 */
	public @Nullable Table<?> failedCopy() {
		return null;
	}

	public final Connection connection() {
		return this.connection;
	}

	public final Schema schema() {
		return this.schema;
	}

	/**
	 * Returns the statements, each ended by a semicolon, that go before the transaction's
	 * first one, in the same round trip.
	 */
	public final String preamble() {
		return this.preamble;
	}

	/**
	 * Executes a statement that reads staged rows.
	 * @return how many rows it wrote
	 */
	public final int update(String sql, Staged... rows) throws SQLException {
		try (PreparedStatement statement = prepare(sql, rows)) {
			return statement.executeUpdate();
		}
	}

	/**
	 * Executes a statement whose parameter is an array of ids.
	 */
	public final void update(String sql, Collection<String> ids) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(sql)) {
			statement.setArray(1, this.connection.createArrayOf("uuid", ids.toArray()));
			statement.executeUpdate();
		}
	}

	/**
	 * Executes a statement that reads staged rows, and returns what it returns.
	 */
	public final <T> List<T> query(String sql, RowReader<T> reader, Staged... rows) throws SQLException {
		List<T> results = new ArrayList<>();
		try (PreparedStatement statement = prepare(sql, rows); ResultSet row = statement.executeQuery()) {
			while (row.next()) {
				results.add(reader.read(row));
			}
		}
		return results;
	}

	private PreparedStatement prepare(String sql, Staged... rows) throws SQLException {
		PreparedStatement statement = this.connection.prepareStatement(sql);
		int index = 1;
		for (Staged staged : rows) {
			index = staged.bind(statement, index);
		}
		return statement;
	}

	/** Returns rows as parameters: decoded, an array for each column. */
	public final Staged send(Table<?> table, Rows rows) {
		List<Column> columns = table.columns();
		if (rows.isEmpty()) {
			return new Staged(table.unnested(), Collections.nCopies(columns.size(), "{}"));
		}
		List<ArrayLiteral> arrays = columns.stream().map((column) -> new ArrayLiteral()).toList();
		RowDecoder decoder = rows.decoder();
		while (decoder.next()) {
			for (int column = 0; column < arrays.size(); column++) {
				arrays.get(column).text(decoder.text(columns.get(column).type()));
			}
		}
		return new Staged(table.unnested(), arrays.stream().map(ArrayLiteral::end).toList());
	}

	/**
	 * Reads a row of a result.
	 *
	 * @param <T> what it is
	 */
	public interface RowReader<T> {

		T read(ResultSet row) throws SQLException;

	}

}
