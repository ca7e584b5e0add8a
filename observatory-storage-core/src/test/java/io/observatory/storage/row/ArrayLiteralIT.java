package io.observatory.storage.row;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

import io.observatory.storage.testing.Database;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * PostgreSQL reads back what was written.
 */
class ArrayLiteralIT {

	/** The last microsecond of the year 9999. Records with later times are refused. */
	private static final long LAST = 253_402_300_799_999_999L;

	@Property(tries = 200)
	void texts(@ForAll("texts") List<@Nullable String> texts) throws SQLException {
		ArrayLiteral array = new ArrayLiteral();
		texts.forEach(array::text);
		assertThat(read(array, "text")).containsExactlyElementsOf(texts);
		array.text("the next");
		assertThat(read(array, "text")).containsExactly("the next");
	}

	/** Those that the syntax gives a meaning are among them. */
	@Provide
	Arbitrary<List<@Nullable String>> texts() {
		Arbitrary<String> any = Arbitraries.strings().ofMaxLength(20).filter(ArrayLiteralIT::isStorable);
		Arbitrary<String> syntax = Arbitraries.strings().withChars("{},\"\\ \t\nNULnul'").ofMaxLength(8);
		return Arbitraries.frequencyOf(Tuple.of(3, syntax), Tuple.of(2, any)).injectNull(0.1).list().ofMaxSize(10);
	}

	private static boolean isStorable(String text) {
		return text.codePoints().noneMatch((point) -> point == 0 || Character.getType(point) == Character.SURROGATE);
	}

	@Property(tries = 100)
	void numbersTimesAndIds(@ForAll List<Long> numbers, @ForAll @LongRange(max = LAST) long micros)
			throws SQLException {
		ArrayLiteral counts = new ArrayLiteral();
		ArrayLiteral ids = new ArrayLiteral();
		List<UUID> uuids = numbers.stream().map((number) -> new UUID(number, ~number)).toList();
		numbers.forEach(counts::number);
		uuids.forEach(ids::uuid);
		ArrayLiteral times = new ArrayLiteral();
		times.time(micros);
		assertThat(read(counts, "bigint")).containsExactlyElementsOf(numbers);
		assertThat(read(ids, "uuid")).containsExactlyElementsOf(uuids);
		assertThat(read(times, "timestamptz", "(extract(epoch FROM v) * 1000000)::bigint")).containsExactly(micros);
	}

	private static List<Object> read(ArrayLiteral array, String type) throws SQLException {
		return read(array, type, "v");
	}

	private static List<Object> read(ArrayLiteral array, String type, String value) throws SQLException {
		try (Connection connection = Database.get().dataSource().getConnection();
				PreparedStatement statement = connection
					.prepareStatement("SELECT array_agg(%s ORDER BY n) FROM unnest(?::%s[]) WITH ORDINALITY AS t (v, n)"
						.formatted(value, type))) {
			statement.setObject(1, array.end(), Types.OTHER);
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return (row.getArray(1) != null) ? Arrays.asList((Object[]) row.getArray(1).getArray()) : List.of();
			}
		}
	}

}
