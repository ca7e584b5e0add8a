package io.observatory.storage.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.observatory.storage.row.RowFormat;
import io.observatory.storage.row.Rows;
import io.observatory.storage.row.Rows.Chunk;
import io.observatory.storage.table.Schema;
import io.observatory.storage.table.Table;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Binary COPY (PostgreSQL manual, COPY): straight into an append table, or into a stage
 * that an upsert reads.
 */
public final class CopyLoader extends RowLoader {

	/** Fewer rows go as parameters: a stage costs the server its catalog work. */
	private static final int MIN_ROWS = 64;

	/** So many bytes are worth it, however few the rows: as parameters they are text. */
	private static final int MIN_BYTES = 1 << 16;

	/** The size of the messages that rows are sent in. */
	private static final int MESSAGE_SIZE = 1 << 14;

	private static final byte[] HEADER = RowFormat.header();

	private static final byte[] TRAILER = RowFormat.trailer();

	private final Set<Table<?>> filled = new HashSet<>();

	private @Nullable Table<?> copying;

	CopyLoader(Connection connection, Schema schema, String preamble) {
		super(connection, schema, preamble);
	}

	/** Returns whether an upsert's rows are enough for a COPY. */
	public static boolean isWorthIt(Rows rows) {
		return rows.count() >= MIN_ROWS || rows.bytes() >= MIN_BYTES;
	}

	@Override
	public void append(Table<?> table, Rows rows) throws SQLException {
		copy(table, table.copy(schema()), rows);
	}

	@Override
	public Staged stage(Table<?> table, Rows rows) throws SQLException {
		if (!isWorthIt(rows)) {
			return send(table, rows);
		}
		if (!this.filled.add(table)) {
			// a part of a batch that is being divided: the part before it lies there
			// still
			try (Statement statement = connection().createStatement()) {
				statement.execute(table.emptyStage());
			}
		}
		copy(table, table.copyIntoStage(), rows);
		return new Staged(table.staged(), List.of());
	}

	@Override
	public @Nullable Table<?> failedCopy() {
		return this.copying;
	}

	private void copy(Table<?> table, String sql, Rows rows) throws SQLException {
		this.copying = table;
		CopyIn copy = connection().unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
		try {
			copy.writeToCopy(HEADER, 0, HEADER.length);
			for (Chunk chunk : rows.chunks()) {
				int end = chunk.offset() + chunk.length();
				for (int from = chunk.offset(); from < end; from += MESSAGE_SIZE) {
					copy.writeToCopy(chunk.array(), from, Math.min(MESSAGE_SIZE, end - from));
				}
			}
			copy.writeToCopy(TRAILER, 0, TRAILER.length);
			copy.endCopy();
		}
		finally {
			// without it the connection would stay locked, and an ended COPY would be
			// committed in part
			if (copy.isActive()) {
				copy.cancelCopy();
			}
		}
		this.copying = null;
	}

}
