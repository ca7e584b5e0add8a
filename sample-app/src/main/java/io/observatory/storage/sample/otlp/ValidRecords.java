package io.observatory.storage.sample.otlp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.sample.mapping.Rejections;

/**
 * Writes the valid records of a request. A writer refuses a collection as a whole when
 * one record of it is bad; only then are the records looked at one by one, and the good
 * ones written, again as a whole.
 */
final class ValidRecords {

	private ValidRecords() {
	}

	static <T> void write(List<T> records, Consumer<Collection<T>> writer,
			Function<T, Optional<InvalidRecordException>> check, Rejections rejections) {
		if (records.isEmpty()) {
			return;
		}
		try {
			writer.accept(records);
		}
		catch (InvalidRecordException ex) {
			writeIfAny(valid(records, check, rejections), writer);
		}
	}

	/**
	 * Returns the valid ones of the records and counts the others.
	 */
	static <T> List<T> valid(List<T> records, Function<T, Optional<InvalidRecordException>> check,
			Rejections rejections) {
		List<T> valid = new ArrayList<>(records.size());
		for (T record : records) {
			Optional<InvalidRecordException> problem = check.apply(record);
			problem.ifPresentOrElse((ex) -> rejections.add(1, String.valueOf(ex.getMessage())),
					() -> valid.add(record));
		}
		return valid;
	}

	private static <T> void writeIfAny(List<T> records, Consumer<Collection<T>> writer) {
		if (!records.isEmpty()) {
			writer.accept(records);
		}
	}

}
