package io.observatory.storage.row;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.row.InputPolicy.Action;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Records;
import io.observatory.storage.testing.StoredRows;
import io.observatory.storage.writer.LogWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Input that PostgreSQL or its driver would refuse, alter or choke on. It is refused when
 * it is written, by an exception that shows nothing of it, or stored as the policy says;
 * its neighbours are stored either way, and the server never refuses what passed.
 */
class NastyInputIT {

	/** Must not occur in any message. */
	private static final String SECRET = "s3cr3t";

	private static final InputPolicy REJECTING = new InputPolicy(Action.REJECT, Action.REJECT, Action.REJECT, 1 << 20,
			1 << 20, 256, Duration.ofDays(7));

	private final Database database = Database.get();

	@BeforeEach
	void clear() {
		this.database.jdbc().execute("DELETE FROM observatory.logs");
	}

	/**
	 * Refused by either policy: nothing that could be stored instead would be true.
	 */
	static Stream<Refused> refused() {
		return Stream.of(time(Instant.parse("1969-12-31T23:59:59.999999999Z"), "between the years 1970 and 9999"),
				time(Instant.MIN, "between the years 1970 and 9999"),
				time(Instant.MAX, "between the years 1970 and 9999"),
				time(Instant.parse("-5000-01-01T00:00:00Z"), "between the years 1970 and 9999"),
				time(Instant.parse("+10000-01-01T00:00:00Z"), "between the years 1970 and 9999"),
				time(Instant.parse("+300000-01-01T00:00:00Z"), "between the years 1970 and 9999"),
				time(Instant.parse("9999-12-31T23:59:59.999999999Z"), "more than 7 days in the future"),
				time(Instant.ofEpochSecond(Long.MAX_VALUE / 1_000_000_000), "more than 7 days in the future"),
				new Refused("serviceName", "must not be empty", (log) -> log.serviceName("")),
				new Refused("serviceName", "must not be longer than 255 characters",
						(log) -> log.serviceName(SECRET.repeat(43))),
				new Refused("traceId", "must not be empty", (log) -> log.traceId("")),
				new Refused("traceId", "must not be longer than 128 characters",
						(log) -> log.traceId(SECRET.repeat(22))),
				new Refused("spanId", "must not be empty", (log) -> log.spanId("")),
				new Refused("spanId", "must not be longer than 128 characters", (log) -> log.spanId(SECRET.repeat(22))),
				new Refused("observedTimestamp", "between the years 1970 and 9999",
						(log) -> log.observedTimestamp(Instant.MAX)),
				new Refused("traceFlags", "between 0 and 255", (log) -> log.traceFlags(-1)),
				attributes("cannot be stored as JSON", Map.of(SECRET, new Object())),
				attributes("cannot be stored as JSON", Map.of(SECRET, List.of(Duration.ofDays(1)))),
				attributes("cannot be stored as JSON", Map.of(SECRET, java.util.Optional.of(SECRET))),
				attributes("of type " + NastyInputIT.class.getName() + "$Refused",
						Map.of("a", new Object[] { new Refused(SECRET, SECRET, (log) -> log) })),
				attributes("a map's key is null", Collections.singletonMap(null, SECRET)),
				attributes("a map's key is null", Map.of(SECRET, List.of(Collections.singletonMap(null, SECRET)))),
				attributes("cannot be a name in JSON", Map.of(SECRET, Map.of(List.of(SECRET), 1))));
	}

	@ParameterizedTest
	@MethodSource("refused")
	void isRefusedByEitherPolicy(Refused refused) {
		assertRefused(InputPolicy.DEFAULT, refused.field(), refused.problem(), refused.in());
		assertRefused(REJECTING, refused.field(), refused.problem(), refused.in());
	}

	/**
	 * Refused or replaced, as the policy says.
	 */
	static Stream<Replaced> replaced() {
		return Stream.of(body("\0", "\uFFFD"), body("\0 and \0", "\uFFFD and \uFFFD"), body("\uD83D", "\uFFFD"),
				body("a\uDE42b", "a\uFFFDb"), body("🙂\uD83D🙂", "🙂\uFFFD🙂"),
				json("NUL", Map.of("a", "\0"), "{'a': '\uFFFD'}"), json("NUL", Map.of("\0", 1), "{'\uFFFD': 1}"),
				json("NUL", Map.of("a", '\0'), "{'a': '\uFFFD'}"),
				json("surrogate", Map.of("a", List.of("x\uD83D")), "{'a': ['x\uFFFD']}"),
				json("NaN", Map.of("a", Double.NaN), "{'a': 'NaN'}"),
				json("NaN", Map.of("a", Float.NEGATIVE_INFINITY), "{'a': '-Infinity'}"),
				json("NaN", Map.of("a", new double[] { Double.POSITIVE_INFINITY }), "{'a': ['Infinity']}"),
				json("number too large", Map.of("a", new BigDecimal("1e200000")), "{'a': '1E+200000'}"),
				json("number too large", Map.of("a", new BigDecimal("1e-200000")), "{'a': '1E-200000'}"),
				json("number too large", Map.of("a", BigInteger.TEN.pow(1000)), "{'a': '1" + "0".repeat(1000) + "'}"));
	}

	@ParameterizedTest
	@MethodSource("replaced")
	void isReplacedAndCounted(Replaced replaced) {
		WriteStats stats = assertStored(InputPolicy.DEFAULT, replaced.in(), replaced.column(), replaced.stored());
		assertThat(stats.replaced()).isEqualTo(1);
		assertThat(stats.truncated()).isZero();
	}

	@ParameterizedTest
	@MethodSource("replaced")
	void isRefusedInsteadOfReplaced(Replaced replaced) {
		assertRefused(REJECTING, replaced.column(), replaced.problem(), replaced.in());
	}

	/**
	 * Refused or cut, as the policy says.
	 */
	static Stream<Cut> cut() {
		return Stream.of(
				new Cut("body", "larger than 1048576 bytes", "…\\[cut from 5000000]",
						(log) -> log.body(SECRET.repeat(1_000_000).substring(0, 5_000_000))),
				new Cut("body", "larger than 1048576 bytes", "…\\[cut from 400000]",
						(log) -> log.body("提".repeat(400_000))),
				new Cut("severityText", "longer than 255 characters", "…\\[cut from 256]",
						(log) -> log.severityText("x".repeat(256))),
				new Cut("scopeName", "longer than 255 characters", "…\\[cut from 256]",
						(log) -> log.scopeName("🙂".repeat(128))),
				cut("larger than 1048576 bytes", "\\{\"s\": \"small\", \"big\": \".*…\\[cut from 5000000]\"}",
						Map.of("big", "🙂".repeat(2_500_000), "s", "small")),
				cut("larger than 1048576 bytes", "\\{\"b\": \"//.*…\\[cut from 6666668]\"}",
						Map.of("b", filled(5_000_000))),
				cut("larger than 1048576 bytes", "\\{\"cut\": \"larger than 1048576 bytes\"}", entries(100_000)),
				cut("deeper than 256", "\\{\"k\": (\\{\"k\": ){255}\"…\\[cut: nested too deep]\"}{256}", deep(257)),
				cut("deeper than 256", "\\{\"k\": (\\{\"k\": ){255}\"…\\[cut: nested too deep]\"}{256}", deep(10_000)),
				cut("deeper than 256", "\\{\"self\": (\\{\"self\": ){255}\"…\\[cut: nested too deep]\"}{256}",
						cyclic(1)));
	}

	@ParameterizedTest
	@MethodSource("cut")
	void isCutAndCounted(Cut cut) {
		LogRecord log = cut.in().apply(nasty()).build();
		WriteStats stats = write(InputPolicy.DEFAULT, log);
		assertThat(stats.refused()).isZero();
		assertThat(stats.truncated()).isEqualTo(1);
		assertThat((String) stored(log).get(columnOf(cut.field())))
			.matches(cut.stored().contains("\\{") ? cut.stored() : "(?s).*" + cut.stored());
	}

	@ParameterizedTest
	@MethodSource("cut")
	void isRefusedInsteadOfCut(Cut cut) {
		assertRefused(REJECTING, cut.field(), cut.problem(), cut.in());
	}

	/**
	 * A value that holds itself twice has more members than there are atoms.
	 */
	@Test
	void aValueThatHoldsItselfTwiceIsCutToNothing() {
		LogRecord log = nasty().attributes(cyclic(2)).build();
		WriteStats stats = write(InputPolicy.DEFAULT, log);
		assertThat(stats.truncated()).isPositive();
		assertThat(stored(log)).containsEntry("attributes", "{\"cut\": \"larger than 1048576 bytes\"}");
	}

	/**
	 * Looks nasty, and is stored as it is by either policy.
	 */
	static Stream<Replaced> harmless() {
		return Stream.of(body("", ""), body("\\u0000 \\N \\. NULL", "\\u0000 \\N \\. NULL"),
				body("\uFFFD\uFFFE\uFFFF\uFDD0\u2028", "\uFFFD\uFFFE\uFFFF\uFDD0\u2028"),
				json("", Map.of("a", "\\u0000"), "{'a': '\\\\u0000'}"), json("", Map.of("", ""), "{'': ''}"),
				json("", Map.of("a", Arrays.asList(null, null)), "{'a': [null, null]}"),
				json("", Collections.singletonMap("a", null), "{'a': null}"),
				json("", Map.of("a", new BigDecimal("1e999")), "{'a': 1" + "0".repeat(999) + "}"),
				json("", Map.of("a", new Object[] { Status.A, null, 1 }), "{'a': ['A', null, 1]}"),
				json("", deep(256), "{'k': ".repeat(255) + "{}" + "}".repeat(255)));
	}

	@ParameterizedTest
	@MethodSource("harmless")
	void isStoredAsItIs(Replaced harmless) {
		for (InputPolicy policy : List.of(InputPolicy.DEFAULT, REJECTING)) {
			WriteStats stats = assertStored(policy, harmless.in(), harmless.column(), harmless.stored());
			assertThat(stats.replaced() + stats.truncated()).isZero();
		}
	}

	/**
	 * A pair that the JSON generator's buffers divide.
	 */
	@Test
	void pairsOfSurrogatesSurviveAtEveryOffset() {
		List<String> texts = LongStream.rangeClosed(0, 40)
			.boxed()
			.flatMap((shift) -> Stream.of(990, 1990, 2990, 3990, 7970, 7990, 31_990)
				.map((length) -> "x".repeat((int) (length + shift)) + "🙂".repeat(30)))
			.toList();
		LogRecord log = nasty().attributes(Map.of("texts", texts, "🙂".repeat(4001), 1, "x" + "🙂".repeat(4001), 2))
			.build();
		WriteStats stats = write(
				new InputPolicy(Action.REJECT, Action.REJECT, Action.REJECT, 1 << 20, 8 << 20, 256, Duration.ofDays(7)),
				log);
		assertThat(stats.stored()).isEqualTo(NEIGHBOURS + 1);
		assertThat(this.database.jdbc()
			.queryForList("SELECT jsonb_array_elements_text(attributes -> 'texts') FROM observatory.logs WHERE id = ?",
					String.class, log.id()))
			.isEqualTo(texts);
		assertThat(this.database.jdbc()
			.queryForObject("SELECT attributes ->> ? FROM observatory.logs WHERE id = ?", String.class,
					"x" + "🙂".repeat(4001), log.id()))
			.isEqualTo("2");
	}

	/** The index on service and time takes 2,704 bytes. */
	@Test
	void theLongestNamesAndIdsFitTheIndexes() {
		StringBuilder incompressible = new StringBuilder();
		new java.util.Random(7).ints(255, 0x4E00, 0x9FFF).forEach(incompressible::appendCodePoint);
		LogRecord log = nasty().serviceName(incompressible.toString())
			.traceId(incompressible.substring(0, 128))
			.build();
		assertThat(write(InputPolicy.DEFAULT, log).stored()).isEqualTo(NEIGHBOURS + 1);
		assertThat(stored(log)).containsEntry("service_name", incompressible.toString());
	}

	/**
	 * The protocol has 65,535 parameters; this would be 75,000 if each field were one.
	 */
	@Test
	void aBatchOfMoreFieldsThanTheProtocolHasParametersIsStored() {
		List<LogRecord> logs = LongStream.range(0, 5000)
			.mapToObj((i) -> LogRecord.builder().timestamp(Records.START).serviceName("s").build())
			.toList();
		LogWriter writer = new LogWriter(this.database.dataSource(),
				WriterConfig.logs().writeMethod(WriteMethod.INSERT).maxConcurrency(1).batchSize(10_000).build());
		try (writer) {
			writer.writeLogs(logs);
			writer.flush();
		}
		assertThat(writer.writeStats().batches()).isEqualTo(1);
		assertAddsUp(writer.writeStats(), 5000);
		assertThat(this.database.jdbc().queryForList("SELECT id FROM observatory.logs", UUID.class))
			.containsExactlyInAnyOrderElementsOf(logs.stream().map(LogRecord::id).toList());
	}

	@ParameterizedTest
	@EnumSource
	void ofACollectionWithOneBadRecordNothingIsTaken(Action action) {
		LogWriter writer = new LogWriter(this.database.dataSource(),
				WriterConfig.logs()
					.input(new InputPolicy(action, action, action, 64, 64, 1, Duration.ZERO))
					.maxConcurrency(1)
					.build());
		List<LogRecord> logs = new ArrayList<>(
				LongStream.range(0, NEIGHBOURS).mapToObj((i) -> nasty().build()).toList());
		logs.add(NEIGHBOURS / 2, nasty().serviceName("").build());
		try (writer) {
			assertThat(catchThrowableOfType(InvalidRecordException.class, () -> writer.writeLogs(logs))).isNotNull();
		}
		assertAddsUp(writer.writeStats(), 0);
		assertThat(writer.writeStats().refused()).isEqualTo(logs.size());
		assertThat(this.database.count("logs")).isZero();
	}

	// What is written

	private static final int NEIGHBOURS = 4;

	private static LogRecord.Builder nasty() {
		return LogRecord.builder().timestamp(Records.START).serviceName("nasty").body(SECRET);
	}

	/**
	 * Writes the record between its neighbours; what is refused must be refused at once.
	 */
	private WriteStats write(InputPolicy policy, LogRecord log) {
		List<LogRecord> neighbours = LongStream.range(0, NEIGHBOURS).mapToObj(Records::log).toList();
		LogWriter writer = new LogWriter(this.database.dataSource(),
				WriterConfig.logs().input(policy).maxConcurrency(1).build());
		boolean taken = false;
		try (writer) {
			neighbours.subList(0, 2).forEach(writer::writeLog);
			try {
				writer.writeLog(log);
				taken = true;
			}
			finally {
				neighbours.subList(2, NEIGHBOURS).forEach(writer::writeLog);
			}
		}
		finally {
			assertThat(this.database.jdbc()
				.queryForList("SELECT id FROM observatory.logs WHERE service_name = 'checkout'", UUID.class))
				.as("neighbours")
				.containsAll(neighbours.stream().map(LogRecord::id).toList());
			assertThat(writer.writeStats().refused()).isEqualTo(taken ? 0 : 1);
			assertAddsUp(writer.writeStats(), taken ? NEIGHBOURS + 1 : NEIGHBOURS);
		}
		return writer.writeStats();
	}

	private void assertRefused(InputPolicy policy, String field, String problem,
			UnaryOperator<LogRecord.Builder> nasty) {
		LogRecord log = nasty.apply(nasty()).build();
		InvalidRecordException refusal = catchThrowableOfType(InvalidRecordException.class, () -> write(policy, log));
		assertThat(refusal).as("refusal").isNotNull();
		assertThat(refusal.recordType()).isEqualTo("LogRecord");
		assertThat(refusal.field()).isEqualTo(field);
		assertThat(refusal.isRetryable()).isFalse();
		assertThat(refusal).hasMessageStartingWith("LogRecord." + field + ": ")
			.hasMessageContaining(problem)
			.hasMessageNotContaining(SECRET)
			.hasNoCause();
		assertThat(refusal.getMessage()).hasSizeLessThan(250);
		assertThat(StoredRows.of(this.database, "logs", "id = ?", log.id())).isEmpty();
	}

	private WriteStats assertStored(InputPolicy policy, UnaryOperator<LogRecord.Builder> nasty, String column,
			String stored) {
		LogRecord log = nasty.apply(nasty()).build();
		WriteStats stats = write(policy, log);
		assertThat(stored(log)).containsEntry(column,
				column.equals("attributes") ? StoredRows.json(this.database, stored) : stored);
		return stats;
	}

	private Map<String, Object> stored(LogRecord log) {
		List<Map<String, Object>> rows = StoredRows.of(this.database, "logs", "id = ?", log.id());
		assertThat(rows).hasSize(1);
		return rows.get(0);
	}

	private static void assertAddsUp(WriteStats stats, long accepted) {
		assertThat(stats.accepted()).isEqualTo(accepted).isEqualTo(stats.stored());
		assertThat(stats.stored() + stats.deadLettered() + stats.droppedTotal() + stats.buffered() + stats.inFlight())
			.isEqualTo(accepted);
	}

	private static String columnOf(String field) {
		return field.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
	}

	// The cases

	private static Refused time(Instant time, String problem) {
		return new Refused("timestamp", problem, (log) -> log.timestamp(time));
	}

	private static Refused attributes(String problem, Map<String, ?> attributes) {
		return new Refused("attributes", problem, (log) -> log.attributes(attributes));
	}

	private static Replaced body(String body, String stored) {
		return new Replaced("body", "NUL or a lone surrogate", stored, (log) -> log.body(body));
	}

	private static Replaced json(String problem, Map<String, ?> attributes, String stored) {
		return new Replaced("attributes", problem, stored.replace('\'', '"'), (log) -> log.attributes(attributes));
	}

	private static Cut cut(String problem, String stored, Map<String, ?> attributes) {
		return new Cut("attributes", problem, stored, (log) -> log.attributes(attributes));
	}

	private static Map<String, Object> deep(int depth) {
		Map<String, Object> map = Map.of();
		for (int i = 1; i < depth; i++) {
			map = Map.of("k", map);
		}
		return map;
	}

	private static Map<String, Object> cyclic(int times) {
		Map<String, Object> map = new HashMap<>();
		map.put("self", (times == 1) ? map : Collections.nCopies(times, map));
		return map;
	}

	private static Map<String, Object> entries(int count) {
		Map<String, Object> map = new HashMap<>();
		for (int i = 0; i < count; i++) {
			map.put("key " + i, i);
		}
		return map;
	}

	private static byte[] filled(int size) {
		byte[] bytes = new byte[size];
		Arrays.fill(bytes, (byte) -1);
		return bytes;
	}

	record Refused(String field, String problem, UnaryOperator<LogRecord.Builder> in) {

		@Override
		public String toString() {
			return this.field + " " + this.problem;
		}

	}

	record Replaced(String column, String problem, String stored, UnaryOperator<LogRecord.Builder> in) {

		@Override
		public String toString() {
			return this.column + " " + this.stored.substring(0, Math.min(20, this.stored.length()));
		}

	}

	record Cut(String field, String problem, String stored, UnaryOperator<LogRecord.Builder> in) {

		@Override
		public String toString() {
			return this.field + " " + this.problem;
		}

	}

	private enum Status {

		A

	}

}
