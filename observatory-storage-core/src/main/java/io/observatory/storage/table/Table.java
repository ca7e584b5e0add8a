package io.observatory.storage.table;

import java.util.List;
import java.util.stream.Collectors;

import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.row.Column;
import io.observatory.storage.row.ColumnType;
import io.observatory.storage.row.RowEncoder;
import io.observatory.storage.row.RowFormat;
import org.jspecify.annotations.Nullable;

/**
 * A table: its columns, and how a record becomes a row. All SQL that names columns is
 * derived from here.
 *
 * @param <T> the record's type
 */
public abstract class Table<T> {

	private final String name;

	private final String recordType;

	private final List<Column> columns;

	private final int version;

	private final String columnList;

	/**
	 * Behind a pooler a session may already have the stage of another version of this
	 * library, with other columns. So the name depends on the columns.
	 */
	private final String stage;

	private final RowSource staged;

	private final RowSource unnested;

	protected Table(String name, Class<T> recordType, List<Column> columns) {
		this.name = name;
		this.recordType = recordType.getSimpleName();
		this.columns = columns;
		this.columnList = columns.stream().map((column) -> quote(column.name())).collect(Collectors.joining(", "));
		this.version = columns.stream().mapToInt(Column::version).max().orElse(1);
		this.stage = "observatory_stage_" + name + "_" + Integer.toHexString(definitions().hashCode());
		this.staged = new RowSource(stageName(), stageName(), 0);
		this.unnested = new RowSource("sent_" + name,
				arrays(columns) + " AS sent_" + name + " (" + this.columnList + ")", 1);
	}

	static String arrays(List<Column> columns) {
		return columns.stream()
			.map((column) -> "?::" + column.type().sqlName() + "[]")
			.collect(Collectors.joining(", ", "unnest(", ")"));
	}

	/** Returns the table's name. */
	public final String name() {
		return this.name;
	}

	/** Returns the columns that a row carries, in their order. */
	public final List<Column> columns() {
		return this.columns;
	}

	/** Returns the version of the table's rows, to be kept with each row that is kept. */
	public final int version() {
		return this.version;
	}

	/**
	 * Returns a row that was kept, of this version or an earlier one, with all of today's
	 * columns; or null when the bytes are no such row.
	 */
	public final byte @Nullable [] read(int version, byte[] row) {
		List<Column> known = this.columns.stream().filter((column) -> column.version() <= version).toList();
		return RowFormat.isRow(row, known)
				? RowFormat.complete(row, this.columns.subList(known.size(), this.columns.size())) : null;
	}

	/**
	 * Validates a record and appends it as a row.
	 * @throws InvalidRecordException naming the field, when it cannot be stored
	 */
	public final void write(T record, RowEncoder row) {
		row.begin(this.recordType, this.columns.size());
		try {
			encode(record, row);
		}
		catch (StorageException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			// a null that is not allowed; only the type is named, as the message might
			// show content
			throw row.invalid("record", "is incomplete or could not be read (" + ex.getClass().getName() + ")");
		}
		row.end();
	}

	protected abstract void encode(T record, RowEncoder row);

	/** Returns the columns as SQL lists them. */
	public final String columnList() {
		return this.columnList;
	}

	/** Returns the COPY of rows into the table itself. */
	public final String copy(Schema schema) {
		return copyInto(schema.qualify(this.name));
	}

	/** Returns the COPY of rows into the table's stage. */
	public final String copyIntoStage() {
		return copyInto(stageName());
	}

	/**
	 * Returns the statement that creates the stage of the connection: a temporary table
	 * that is emptied at the end of each transaction. It is created in a DO block,
	 * because the driver discards all prepared statements of the connection, including
	 * the application's, when it sees a CREATE.
	 */
	public final String createStage() {
		return "DO $$BEGIN CREATE TEMP TABLE IF NOT EXISTS " + this.stage + " (" + definitions()
				+ ") ON COMMIT DELETE ROWS; END$$";
	}

	private String definitions() {
		return this.columns.stream()
			.map((column) -> quote(column.name()) + " " + column.type().sqlName())
			.collect(Collectors.joining(", "));
	}

	/** Returns the statement that empties the stage. */
	public final String emptyStage() {
		return "TRUNCATE " + stageName();
	}

	/** Returns the rows of the stage as a source for a query. */
	public final RowSource staged() {
		return this.staged;
	}

	/**
	 * Returns rows from parameters, an array for each column, as a source for a query.
	 */
	public final RowSource unnested() {
		return this.unnested;
	}

	/**
	 * Returns the INSERT of rows from a source, for tables that do not need to handle
	 * conflicts. It returns a row for each: without that Citus would insert by a COPY of
	 * its own, and would not say what is wrong with a row. No column is returned, which
	 * would need the right to read it.
	 */
	public final String insert(Schema schema, RowSource source) {
		return "INSERT INTO " + schema.qualify(this.name) + " (" + columnList() + ") SELECT " + columnList() + " FROM "
				+ source.inline() + " RETURNING true";
	}

	private String copyInto(String relation) {
		return "COPY " + relation + " (" + columnList() + ") FROM STDIN (FORMAT binary)";
	}

	private String stageName() {
		return "pg_temp." + this.stage;
	}

	static String quote(String column) {
		return "\"" + column + "\"";
	}

	static Column uuid(String name) {
		return new Column(name, ColumnType.UUID);
	}

	static Column text(String name) {
		return new Column(name, ColumnType.TEXT);
	}

	static Column time(String name) {
		return new Column(name, ColumnType.TIMESTAMPTZ);
	}

	static Column jsonb(String name) {
		return new Column(name, ColumnType.JSONB);
	}

	static Column column(String name, ColumnType type) {
		return new Column(name, type);
	}

}
