package io.observatory.storage.writer;

import java.util.Collection;
import java.util.Optional;
import java.util.function.UnaryOperator;

import io.observatory.storage.engine.Admission;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.row.RowEncoder;
import io.observatory.storage.table.Table;

/**
 * Writes records of one table; each is redacted before it is encoded.
 *
 * @param <T> the record's type
 */
final class TableWriter<T> {

	private final Admission admission;

	private final Table<T> table;

	private final UnaryOperator<T> redaction;

	TableWriter(Admission admission, Table<T> table, UnaryOperator<T> redaction) {
		this.admission = admission;
		this.table = table;
		this.redaction = redaction;
	}

	void write(T record) {
		T redacted = this.redaction.apply(record);
		this.admission.accept(1, (rows) -> this.admission.encode(this.table, redacted, rows));
	}

	void write(Collection<T> records) {
		this.admission.accept(records.size(), (rows) -> encode(records, rows));
	}

	boolean offer(Collection<T> records) {
		return this.admission.offer(records.size(), (rows) -> encode(records, rows));
	}

	void encode(Collection<T> records, RowEncoder rows) {
		records.forEach((record) -> this.admission.encode(this.table, this.redaction.apply(record), rows));
	}

	boolean add(T record, RowEncoder rows) {
		return this.admission.add(this.table, this.redaction.apply(record), rows);
	}

	/** Returns what a write would throw for the record's content, without taking it. */
	Optional<InvalidRecordException> check(T record) {
		RowEncoder rows = this.admission.encoder();
		try {
			this.admission.encode(this.table, this.redaction.apply(record), rows);
			return Optional.empty();
		}
		catch (InvalidRecordException ex) {
			return Optional.of(ex);
		}
		finally {
			this.admission.release(rows);
		}
	}

}
