package io.observatory.storage.writer;

import java.lang.reflect.Proxy;
import java.util.stream.Stream;

import io.observatory.storage.model.Redactor;
import io.observatory.storage.testing.RecordsOfText;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is stored of a record that an application's {@link Redactor} failed on: no
 * content, and no name with a secret in it.
 */
class RedactionTest {

	static Stream<Class<?>> records() {
		return RecordsOfText.types();
	}

	@ParameterizedTest
	@MethodSource("records")
	void nothingSecretIsLeftWhenARedactorThrows(Class<?> type) throws ReflectiveOperationException {
		assertThat(left(type, redactor(() -> {
			throw new IllegalStateException("test");
		}))).isNotEmpty().noneMatch((text) -> text.contains(RecordsOfText.SECRET));
	}

	@ParameterizedTest
	@MethodSource("records")
	void nothingSecretIsLeftWhenARedactorReturnsNull(Class<?> type) throws ReflectiveOperationException {
		assertThat(left(type, redactor(() -> {
		}))).isNotEmpty()
			.noneMatch((text) -> text.contains(RecordsOfText.SECRET))
			.anyMatch((text) -> text.endsWith("failed"));
	}

	private static Stream<String> left(Class<?> type, Redactor redactor) throws ReflectiveOperationException {
		Object record = RecordsOfText.make(type);
		Object redacted = Redaction.class.getDeclaredMethod("apply", type).invoke(new Redaction(redactor), record);
		return RecordsOfText.texts(type.getSimpleName(), redacted);
	}

	/** Returns null for every record, if it returns. */
	private static Redactor redactor(Runnable action) {
		return (Redactor) Proxy.newProxyInstance(Redactor.class.getClassLoader(), new Class<?>[] { Redactor.class },
				(proxy, method, arguments) -> {
					action.run();
					return null;
				});
	}

}
