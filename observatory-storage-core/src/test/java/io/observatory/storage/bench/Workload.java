package io.observatory.storage.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.writer.Writer;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Records of one kind, made from their numbers, and where they go.
 *
 * @param <T> the record's type
 */
abstract class Workload<T> {

	/** So many rows can be divided among four threads at a boundary of traces. */
	private static final int ROUNDED_TO = 4 * Numbers.SPANS_PER_TRACE;

	private final String name;

	private final int rows;

	private final List<Stored> tables;

	/**
	 * Makes a workload.
	 * @param rows how many rows take a server of two cores a second or two
	 * @param tables what is written, in the order of the foreign keys; the records' own
	 * table comes last
	 */
	Workload(String name, int rows, Stored... tables) {
		this.name = name;
		this.rows = rows;
		this.tables = List.of(tables);
	}

	final String name() {
		return this.name;
	}

	/** Returns so many times the usual number of rows, rounded. */
	final long rows(double scale) {
		return Math.max(1, (long) (this.rows * scale) / ROUNDED_TO) * ROUNDED_TO;
	}

	final List<Stored> tables() {
		return this.tables;
	}

	abstract T record(long number);

	/** Opens a writer with its default configuration, changed as told. */
	abstract Writer open(DataSource dataSource, UnaryOperator<WriterConfig.Builder> configuration);

	abstract void write(Writer writer, T record);

	/** Returns what a program would insert without the library. */
	abstract List<SqlTable.TableStore<?>> loads(List<T> records);

	final void batches(long from, long to, int size, Consumer<List<T>> send) {
		List<T> batch = new ArrayList<>(size);
		for (long number = from; number < to; number++) {
			batch.add(record(number));
			if (batch.size() == size || number == to - 1) {
				send.accept(batch);
				batch.clear();
			}
		}
	}

	/** Says that the records 0 to rows - 1 are stored, each once. */
	void verify(JdbcTemplate jdbc, long rows) {
		Stored table = this.tables.get(this.tables.size() - 1);
		Map<String, Object> found = jdbc.queryForMap("SELECT count(*) AS rows, count(DISTINCT id) AS ids, sum("
				+ Numbers.numberOf(table.time()) + ")::bigint AS sum FROM " + table.name());
		expect(found, Map.of("rows", rows, "ids", rows, "sum", rows * (rows - 1) / 2));
	}

	final void expect(Map<String, Object> found, Map<String, Object> expected) {
		if (!found.equals(expected)) {
			throw new IllegalStateException(this.name + ": stored " + found + ", not " + expected);
		}
	}

	@Override
	public final String toString() {
		return this.name;
	}

	/**
	 * A table that is written.
	 *
	 * @param name its name, with the schema
	 * @param time its column that tells the record's number
	 */
	record Stored(String name, String time) {
	}

}
