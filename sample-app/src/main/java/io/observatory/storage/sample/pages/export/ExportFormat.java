package io.observatory.storage.sample.pages.export;

import java.io.IOException;
import java.io.Writer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;

/**
 * The formats of exported files; their names in lower case are the extensions.
 */
enum ExportFormat {

	/** RFC 4180, with a header. */
	CSV("text/csv;header=present;charset=UTF-8") {

		@Override
		String query(String sql) {
			return sql;
		}

		@Override
		RowWriter writer(ResultSet rows, Writer out) throws SQLException, IOException {
			return CsvWriter.withHeader(rows.getMetaData(), out);
		}

	},

	/** JSON lines: an object a row. The database writes them. */
	JSONL("application/x-ndjson") {

		@Override
		String query(String sql) {
			return "SELECT row_to_json(e)::text FROM (" + sql + ") AS e";
		}

		@Override
		RowWriter writer(ResultSet rows, Writer out) {
			return (row) -> out.append(row.getString(1)).append('\n');
		}

	};

	private final String contentType;

	ExportFormat(String contentType) {
		this.contentType = contentType;
	}

	/** Returns the format with an extension. */
	static ExportFormat of(String extension) {
		return valueOf(extension.toUpperCase(Locale.ROOT));
	}

	String contentType() {
		return this.contentType;
	}

	String fileName(Export export) {
		return export.name() + "." + name().toLowerCase(Locale.ROOT);
	}

	/** Returns the query that the rows are read by. */
	abstract String query(String sql);

	/** Returns what writes the rows of that query. */
	abstract RowWriter writer(ResultSet rows, Writer out) throws SQLException, IOException;

	/**
	 * Writes rows.
	 */
	@FunctionalInterface
	interface RowWriter {

		void write(ResultSet row) throws SQLException, IOException;

	}

}
