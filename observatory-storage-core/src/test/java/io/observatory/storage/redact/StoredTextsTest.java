package io.observatory.storage.redact;

import java.util.stream.Stream;

import io.observatory.storage.model.Redactor;
import io.observatory.storage.testing.RecordsOfText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every text of every record is masked. The records and their parts are found by
 * reflection: a field that is new is tested, or the test says that it does not know its
 * type.
 */
class StoredTextsTest {

	private final MaskingRedactor redactor = new MaskingRedactor();

	static Stream<Class<?>> records() {
		return RecordsOfText.types();
	}

	@Test
	void theRecordsAreFound() {
		assertThat(records()).hasSizeGreaterThanOrEqualTo(6);
	}

	@ParameterizedTest
	@MethodSource("records")
	void noTextIsStoredUnmasked(Class<?> type) throws ReflectiveOperationException {
		Object masked = Redactor.class.getMethod("redact", type).invoke(this.redactor, RecordsOfText.make(type));
		assertThat(RecordsOfText.texts(type.getSimpleName(), masked)).isNotEmpty()
			.allSatisfy((text) -> assertThat(text).contains("[redacted:email]").doesNotContain(RecordsOfText.SECRET));
	}

}
