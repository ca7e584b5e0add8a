package io.observatory.storage.sample.otlp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.sample.mapping.Rejections;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ValidRecordsTest {

	private final List<Collection<String>> written = new ArrayList<>();

	private final List<String> checked = new ArrayList<>();

	private final Rejections rejections = new Rejections();

	private void write(List<String> records) {
		if (records.contains("bad")) {
			throw bad();
		}
		this.written.add(List.copyOf(records));
	}

	private Optional<InvalidRecordException> check(String record) {
		this.checked.add(record);
		return record.equals("bad") ? Optional.of(bad()) : Optional.empty();
	}

	private static InvalidRecordException bad() {
		return new InvalidRecordException("Text", "value", "is bad");
	}

	private void writeValid(String... records) {
		ValidRecords.write(List.of(records), (all) -> write(List.copyOf(all)), this::check, this.rejections);
	}

	@Test
	void goodRecordsAreWrittenWithoutALookAtEach() {
		writeValid("a", "b");
		assertThat(this.written).containsExactly(List.of("a", "b"));
		assertThat(this.checked).isEmpty();
		assertThat(this.rejections.isEmpty()).isTrue();
	}

	@Test
	void badOnesAreCountedAndTheOthersWrittenAsAWhole() {
		writeValid("a", "bad", "b", "bad");
		assertThat(this.written).containsExactly(List.of("a", "b"));
		assertThat(this.rejections.count()).isEqualTo(2);
		assertThat(this.rejections.message()).isEqualTo("Text.value: is bad");
	}

	@Test
	void nothingIsWrittenWhenNoneIsGood() {
		writeValid("bad");
		assertThat(this.written).isEmpty();
		assertThat(this.rejections.count()).isEqualTo(1);
	}

	@Test
	void nothingIsWrittenOfNothing() {
		writeValid();
		assertThat(this.written).isEmpty();
	}

	@Test
	void aFullBufferIsForTheCaller() {
		assertThatExceptionOfType(BufferFullException.class)
			.isThrownBy(() -> ValidRecords.write(List.of("a"), (all) -> {
				throw new BufferFullException("full");
			}, this::check, this.rejections));
		assertThat(this.rejections.isEmpty()).isTrue();
	}

}
