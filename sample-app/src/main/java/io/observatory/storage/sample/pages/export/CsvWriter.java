package io.observatory.storage.sample.pages.export;

import java.io.IOException;
import java.io.Writer;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Writes rows as CSV (RFC 4180). Texts are quoted, so that an empty one differs from a
 * missing one. A text that a spreadsheet would take for a formula gets an apostrophe in
 * front: whoever sends telemetry chooses texts, and somebody else opens the file.
 */
final class CsvWriter implements ExportFormat.RowWriter {

	/** Spreadsheets know the full-width signs, too, and skip a tab or line break. */
	private static final String FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20";

	private static final String END = "\r\n";

	private final Writer out;

	private final List<Kind> columns;

	private CsvWriter(Writer out, List<Kind> columns) {
		this.out = out;
		this.columns = columns;
	}

	/** Returns a writer that has written the names of the columns. */
	static CsvWriter withHeader(ResultSetMetaData metadata, Writer out) throws SQLException, IOException {
		List<Kind> columns = new ArrayList<>();
		for (int column = 1; column <= metadata.getColumnCount(); column++) {
			columns.add(Kind.of(metadata.getColumnType(column)));
			out.append((column > 1) ? "," : "").append(metadata.getColumnLabel(column));
		}
		out.append(END);
		return new CsvWriter(out, columns);
	}

	@Override
	public void write(ResultSet row) throws SQLException, IOException {
		for (int column = 1; column <= this.columns.size(); column++) {
			this.out.append((column > 1) ? "," : "").append(this.columns.get(column - 1).cell(row, column));
		}
		this.out.append(END);
	}

	/** Returns a text as a cell, an empty one for null. */
	static String cell(@Nullable String text) {
		if (text == null) {
			return "";
		}
		boolean formula = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0;
		return (formula ? "\"'" : "\"") + text.replace("\"", "\"\"") + '"';
	}

	private enum Kind {

		NUMBER {

			@Override
			String cell(ResultSet row, int column) throws SQLException {
				String number = row.getString(column);
				return (number != null) ? number : "";
			}

		},

		BOOLEAN {

			@Override
			String cell(ResultSet row, int column) throws SQLException {
				boolean value = row.getBoolean(column);
				return row.wasNull() ? "" : String.valueOf(value);
			}

		},

		TEXT {

			@Override
			String cell(ResultSet row, int column) throws SQLException {
				return CsvWriter.cell(row.getString(column));
			}

		};

		static Kind of(int type) {
			return switch (type) {
				case Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.NUMERIC, Types.REAL, Types.DOUBLE -> NUMBER;
				case Types.BIT, Types.BOOLEAN -> BOOLEAN;
				default -> TEXT;
			};
		}

		abstract String cell(ResultSet row, int column) throws SQLException;

	}

}
