package io.observatory.storage.session;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.stream.Stream;

import io.observatory.storage.table.RowSource;

/**
 * Rows that the statements of an upsert can read.
 */
public final class Staged {

	private final RowSource source;

	private final List<String> parameters;

	/**
	 * Creates them from a source, and its parameters as PostgreSQL reads them.
	 */
	public Staged(RowSource source, List<String> parameters) {
		this.source = source;
		this.parameters = parameters;
	}

	public RowSource source() {
		return this.source;
	}

	/** Returns the same rows, for a statement with more parameters behind them. */
	public Staged with(List<String> parameters) {
		return new Staged(this.source, Stream.concat(this.parameters.stream(), parameters.stream()).toList());
	}

	/**
	 * Binds the rows, if they are parameters at all.
	 * @return the index of the next parameter
	 */
	public int bind(PreparedStatement statement, int index) throws SQLException {
		for (String parameter : this.parameters) {
			// of the type that the statement says
			statement.setObject(index++, parameter, Types.OTHER);
		}
		return index;
	}

}
