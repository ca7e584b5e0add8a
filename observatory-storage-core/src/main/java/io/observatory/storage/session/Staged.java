package io.observatory.storage.session;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.stream.Stream;

import io.observatory.storage.table.RowSource;
import org.postgresql.PGStatement;

/**
 * Rows that the statements of an upsert can read.
 */
public final class Staged {

	private final RowSource source;

	private final List<String> parameters;

	private final boolean planned;

	/**
	 * Creates them from a source, and its parameters as PostgreSQL reads them.
	 */
	public Staged(RowSource source, List<String> parameters) {
		this(source, parameters, false);
	}

	private Staged(RowSource source, List<String> parameters, boolean planned) {
		this.source = source;
		this.parameters = parameters;
		this.planned = planned;
	}

	public RowSource source() {
		return this.source;
	}

	/**
	 * Returns the same rows for a statement that joins them with a table. It has more
	 * parameters after those of the rows, and is planned for their values each time. A
	 * plan that the server keeps (PostgreSQL manual, PREPARE, "Notes") may be from when a
	 * day of spans was empty, and then reads that whole day for each row.
	 */
	public Staged plannedFor(List<String> more) {
		return new Staged(this.source, Stream.concat(this.parameters.stream(), more.stream()).toList(), true);
	}

	/**
	 * Binds the rows, if they are parameters at all.
	 * @return the index of the next parameter
	 */
	public int bind(PreparedStatement statement, int index) throws SQLException {
		if (this.planned && statement.isWrapperFor(PGStatement.class)) {
			statement.unwrap(PGStatement.class).setPrepareThreshold(0);
		}
		for (String parameter : this.parameters) {
			// of the type that the statement says
			statement.setObject(index++, parameter, Types.OTHER);
		}
		return index;
	}

}
