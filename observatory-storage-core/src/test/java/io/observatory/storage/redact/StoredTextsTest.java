package io.observatory.storage.redact;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import io.observatory.storage.model.Redactor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Every text of every record is masked. The records and their parts are found by
 * reflection: a field that is new is tested, or the test says that it does not know its
 * type.
 */
class StoredTextsTest {

	private static final String SECRET = "alice@example.com";

	/** Two ids that are masked would be one. */
	private static final Set<String> IDS = Set.of("traceId", "spanId", "parentSpanId");

	private final MaskingRedactor redactor = new MaskingRedactor();

	static Stream<Class<?>> records() {
		return Arrays.stream(Redactor.class.getMethods())
			.filter((method) -> method.getName().equals("redact"))
			.map((method) -> method.getParameterTypes()[0]);
	}

	@Test
	void theRecordsAreFound() {
		assertThat(records()).hasSizeGreaterThanOrEqualTo(6);
	}

	@ParameterizedTest
	@MethodSource("records")
	void noTextIsStoredUnmasked(Class<?> type) throws ReflectiveOperationException {
		Object masked = Redactor.class.getMethod("redact", type).invoke(this.redactor, make(type));
		assertThat(texts(type.getSimpleName(), masked)).isNotEmpty()
			.allSatisfy((text) -> assertThat(text).contains("[redacted:email]").doesNotContain(SECRET));
	}

	/** Makes a record whose every text holds the secret. */
	private static Object make(Class<?> type) throws ReflectiveOperationException {
		RecordComponent[] components = type.getRecordComponents();
		Object[] values = new Object[components.length];
		for (int i = 0; i < values.length; i++) {
			values[i] = value(components[i].getName(), components[i].getType(), components[i].getGenericType());
		}
		Constructor<?> constructor = type
			.getDeclaredConstructor(Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
		return constructor.newInstance(values);
	}

	private static Object value(String name, Class<?> type, Type generic) throws ReflectiveOperationException {
		if (type == String.class) {
			return IDS.contains(name) ? "0af7651916cd43dd" : SECRET;
		}
		if (type == Map.class) {
			return Map.of("a " + SECRET, List.of(Map.of("b " + SECRET, SECRET)), "c " + SECRET, SECRET);
		}
		if (type == List.class) {
			return List.of(make((Class<?>) ((ParameterizedType) generic).getActualTypeArguments()[0]));
		}
		return type.isRecord() ? make(type) : other(name, type);
	}

	private static Object other(String name, Class<?> type) {
		if (type.isEnum()) {
			return type.getEnumConstants()[0];
		}
		if (type == UUID.class || type == Instant.class) {
			return (type == UUID.class) ? new UUID(0, 1) : Instant.EPOCH;
		}
		if (type == Double.class || type == double.class) {
			return 1.0;
		}
		if (type == Integer.class || type == int.class) {
			return 1;
		}
		if (type == Boolean.class || type == boolean.class) {
			return true;
		}
		if (type == Long.class || type == long.class) {
			return 1L;
		}
		return fail("Does " + name + " hold text? This test does not know " + type);
	}

	/** All texts of a record, but for ids, each with where it was found. */
	private static Stream<String> texts(String path, Object value) {
		if (value instanceof Record record) {
			return Stream.of(record.getClass().getRecordComponents())
				.filter((component) -> !IDS.contains(component.getName()))
				.flatMap((component) -> texts(path + "." + component.getName(), get(component, record)));
		}
		if (value instanceof List<?> elements) {
			return elements.stream().flatMap((element) -> texts(path, element));
		}
		if (value instanceof Map<?, ?> map) {
			return Stream.concat(map.keySet().stream(), map.values().stream()).flatMap((part) -> texts(path, part));
		}
		return (value instanceof String text) ? Stream.of(path + ": " + text) : Stream.empty();
	}

	private static Object get(RecordComponent component, Object record) {
		try {
			return component.getAccessor().invoke(record);
		}
		catch (ReflectiveOperationException ex) {
			throw new AssertionError(ex);
		}
	}

}
