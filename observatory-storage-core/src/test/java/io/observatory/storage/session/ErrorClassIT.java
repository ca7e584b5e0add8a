package io.observatory.storage.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.observatory.storage.session.ErrorClass.Remedy;
import io.observatory.storage.testing.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every SQLSTATE that the server knows has an answer: the list is the server's own.
 */
class ErrorClassIT {

	private static final Pattern CODE = Pattern.compile("^([0-9A-Z]{5}) +[EWS] +(ERRCODE_\\w+)");

	@Test
	void everyCodeOfTheServersListIsAssigned() throws IOException {
		Map<String, String> codes = codes();
		assertThat(codes).as("the server's list").hasSizeGreaterThan(230);
		assertThat(codes.keySet().stream().filter((state) -> ErrorClass.assigned(state) == null))
			.as("states without an answer")
			.isEmpty();
	}

	/**
	 * What a new version of PostgreSQL may add is not unknown either, nor taken for data.
	 */
	@Test
	void anUnknownCodeOfAnUnknownClassIsUnexpected() {
		assertThat(ErrorClass.of(new SQLException("?", "ZZ999"))).isEqualTo(ErrorClass.UNEXPECTED);
		assertThat(ErrorClass.of(new SQLException("?", ""))).isEqualTo(ErrorClass.UNEXPECTED);
	}

	/** A code that blames a row must be one that a row can cause. */
	@Test
	void onlyCodesThatARowCanCauseBlameIt() throws IOException {
		Set<String> classes = Set.of("22", "23", "44", "54", "P0");
		assertThat(codes().keySet()
			.stream()
			.filter((state) -> ErrorClass.assigned(state) == ErrorClass.POISON)
			.filter((state) -> !classes.contains(state.substring(0, 2)))).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					TRANSIENT     | 08000 08001 08003 08004 08006 08007 08P01 40000 40001 40003 40P01 53000 53100 53200 53300 53400
					TRANSIENT     | 57000 57P01 57P02 57P03 57P05 55006 58000 58030 25P02 25P03 25P04 72000
					LOCK_TIMEOUT  | 55P03
					TIMEOUT       | 57014
					READ_ONLY     | 25006
					STALE_STATEMENT | 26000 42P05
					LOST_RACE     | 23503 23505 40002
					POISON        | 22021 22P02 22P05 22003 22008 22001 22007 22012 23502 23P01 44000 54000 54001 P0001
					STATEMENT     | 21000 22023 22P03 22P04 54023
					CONFIGURATION | 0A000 28000 28P01 3D000 3F000 42501 42601 42703 42P01 42P10 42883 55000 57P04 F0000
					UNEXPECTED    | XX000 XX001 XX002 25001 58P01 P0002 HV000 39P01
					""")
	void theAnswerIs(ErrorClass expected, String states) {
		for (String state : states.split(" ")) {
			assertThat(ErrorClass.of(new SQLException("?", state))).as(state).isEqualTo(expected);
		}
	}

	/** The table in docs/reliability.md. */
	@ParameterizedTest
	@CsvSource({ "TRANSIENT,, true", "LOCK_TIMEOUT, END_HOLDER, true", "TIMEOUT, HALVE, true", "READ_ONLY,, true",
			"STALE_STATEMENT, SEND_AGAIN SEND_AGAIN, true", "LOST_RACE, SEND_AGAIN SEND_AGAIN ISOLATE, true",
			"POISON, ISOLATE, false", "NO_PARTITION, MAKE_PARTITIONS ISOLATE, false", "STATEMENT, ISOLATE, false",
			"CONFIGURATION, INSERT, false", "UNEXPECTED, INSERT_ONCE SEND_AGAIN, false" })
	void whatIsDoneAboutItIs(ErrorClass errorClass, String remedies, boolean retryable) {
		List<Remedy> done = IntStream.rangeClosed(1, 10)
			.mapToObj(errorClass::remedy)
			.takeWhile(Objects::nonNull)
			.toList();
		assertThat(done).extracting(Remedy::name)
			.containsExactlyElementsOf((remedies != null) ? List.of(remedies.split(" ")) : List.of());
		assertThat(errorClass.isRetryable()).isEqualTo(retryable);
	}

	/** No state: a pool that ran out of time is all that is known to pass by itself. */
	@Test
	void withoutACodeTheExceptionsTypeDecides() {
		assertThat(ErrorClass.of(new SQLTransientConnectionException("pool"))).isEqualTo(ErrorClass.TRANSIENT);
		assertThat(ErrorClass.of(new SQLException("what?"))).isEqualTo(ErrorClass.CONFIGURATION);
		SQLException nested = new SQLTransientConnectionException("pool",
				new SQLException("no such database", "3D000"));
		assertThat(ErrorClass.of(nested)).isEqualTo(ErrorClass.CONFIGURATION);
	}

	private static Map<String, String> codes() throws IOException {
		String share = Database.get()
			.jdbc()
			.queryForObject("SELECT setting FROM pg_config WHERE name = 'SHAREDIR'", String.class);
		List<String> lines = Files.readAllLines(Path.of(String.valueOf(share), "errcodes.txt"));
		Map<String, String> codes = new TreeMap<>();
		lines.stream()
			.map(CODE::matcher)
			.filter((matcher) -> matcher.find())
			.forEach((matcher) -> codes.put(matcher.group(1), matcher.group(2)));
		return codes;
	}

}
