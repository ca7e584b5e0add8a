package io.observatory.storage.row;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.row.InputPolicy.Action;
import io.observatory.storage.row.Rows.Chunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What the encoder refuses, replaces, cuts and counts.
 */
class RowEncoderTest {

	private static final long MAX_LENGTH = 1 << 28;

	private static final Instant NOW = Instant.parse("2026-03-29T12:00:00.5Z");

	private final RowEncoder row = encoder(InputPolicy.DEFAULT);

	@ParameterizedTest
	@ValueSource(strings = { "1970-01-01T00:00:00Z", "1999-12-31T23:59:59.999999999Z", "2000-01-01T00:00:00Z",
			"2026-04-05T12:00:00.999999999Z" })
	void timesAreRoundedDown(String time) {
		this.row.begin("Record", 1);
		this.row.time("time", Instant.parse(time));
		this.row.end();
		assertThat(only(ColumnType.TIMESTAMPTZ)).isEqualTo(time.replaceAll("(\\.\\d{6})\\d{3}Z", "$1Z"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "1969-12-31T23:59:59.999999999Z", "2026-04-05T12:00:01Z", "+10000-01-01T00:00:00Z" })
	void timesOutsideTheBoundsAreRefused(String time) {
		this.row.begin("Record", 1);
		assertThatExceptionOfType(InvalidRecordException.class)
			.isThrownBy(() -> this.row.time("time", Instant.parse(time)))
			.withMessageStartingWith("Record.time: must ");
	}

	@Test
	void namesAndIdsHaveTheirBounds() {
		this.row.begin("Record", 2);
		this.row.name("name", "n".repeat(InputPolicy.MAX_NAME_LENGTH));
		this.row.id("id", "i".repeat(InputPolicy.MAX_ID_LENGTH));
		assertRefused("Record.name: must not be longer than 255 characters",
				() -> this.row.name("name", "n".repeat(InputPolicy.MAX_NAME_LENGTH + 1)));
		assertRefused("Record.id: must not be longer than 128 characters",
				() -> this.row.id("id", "i".repeat(InputPolicy.MAX_ID_LENGTH + 1)));
		assertRefused("Record.name: must not be empty", () -> this.row.name("name", ""));
		assertRefused("Record.id: must not be empty", () -> this.row.optionalId("id", ""));
		assertRefused("Record.name: must not be null", () -> this.row.name("name", null));
		assertRefused("Record.uuid: must not be null", () -> this.row.uuid("uuid", null));
		assertRefused("Record.time: must not be null", () -> this.row.time("time", null));
		assertRefused("Record.map: must not be null", () -> this.row.json("map", null));
		assertRefused("Record.count: must not be negative", () -> this.row.notNegative("count", -1L));
	}

	@Test
	void aCutNeverDividesACharacter() {
		for (int ascii = 0; ascii < 4; ascii++) {
			this.row.reset();
			this.row.begin("Record", 1);
			this.row.label("label", "x".repeat(ascii) + "🙂".repeat(128));
			this.row.end();
			assertThat(only(ColumnType.TEXT)).matches("x*(🙂)+…\\[cut from " + (256 + ascii) + "]")
				.hasSizeBetween(254, 255);
			assertThat(this.row.truncated()).isEqualTo(1);
			assertThat(this.row.replaced()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 64, 100, 1000, 1 << 16 })
	void whatIsCutKeepsItsBound(int bound) {
		RowEncoder row = encoder(
				new InputPolicy(Action.REPLACE, Action.REPLACE, Action.REPLACE, bound, bound, 3, Duration.ZERO));
		for (String unit : List.of("x", "é", "提", "🙂")) {
			row.reset();
			row.begin("Record", 2);
			row.text("text", unit.repeat(bound));
			row.json("json", Map.of("a", unit.repeat(bound), "b", List.of(unit.repeat(bound), 1)));
			row.end();
			RowDecoder decoder = rows(row).decoder();
			decoder.next();
			assertThat(utf8(decoder.text(ColumnType.TEXT))).isLessThanOrEqualTo(bound);
			assertThat(utf8(decoder.text(ColumnType.JSONB))).isLessThanOrEqualTo(bound);
			assertThat(row.truncated()).isEqualTo(unit.equals("x") ? 1 : 2);
		}
	}

	/** The large value is cut and the small ones stay. */
	@Test
	void ofAJsonObjectTheLargestValuesAreCutFirst() {
		this.row.begin("Record", 1);
		this.row.json("json", Map.of("big", "x".repeat(2 << 20), "small", "y".repeat(100_000)));
		this.row.end();
		assertThat(only(ColumnType.JSONB)).contains("y".repeat(100_000)).contains("…[cut from " + (2 << 20) + "]");
	}

	@Test
	void whatWasWrittenBeforeAnOversizedValueIsUntouched() {
		this.row.begin("Record", 2);
		this.row.text("text", "before");
		this.row.json("json", Map.of("a", "x".repeat(2 << 20), "nul", "\0"));
		this.row.end();
		RowDecoder decoder = rows(this.row).decoder();
		decoder.next();
		assertThat(decoder.text(ColumnType.TEXT)).isEqualTo("before");
		assertThat(decoder.text(ColumnType.JSONB)).contains("\"nul\":\"\uFFFD\"");
		assertThat(this.row.replaced()).isEqualTo(1);
		assertThat(this.row.truncated()).isEqualTo(1);
	}

	@Test
	void afterARefusalTheNextRecordIsWrittenInFull() {
		for (int i = 0; i < 3; i++) {
			this.row.begin("Record", 1);
			assertRefused("Record.json: a map's key is null; use strings",
					() -> this.row.json("json", Map.of("a", List.of("b", Collections.singletonMap(null, "c")))));
			this.row.reset();
		}
		this.row.begin("Record", 1);
		this.row.json("json", Map.of("a", List.of("b")));
		this.row.end();
		assertThat(only(ColumnType.JSONB)).isEqualTo("{\"a\":[\"b\"]}");
	}

	/**
	 * The values are read at once: whoever changes a map later changes no row.
	 */
	@Test
	void aMapMayBeChangedOnceItIsWritten() {
		Map<String, Object> map = new HashMap<>(Map.of("a", new ArrayList<>(List.of(1))));
		this.row.begin("Record", 1);
		this.row.json("json", map);
		this.row.end();
		map.clear();
		assertThat(only(ColumnType.JSONB)).isEqualTo("{\"a\":[1]}");
	}

	@Test
	void rowsOfOneKeyHaveOneRoute() {
		for (int i = 0; i < 2; i++) {
			this.row.into(i);
			this.row.begin("Record", 0);
			this.row.route(new UUID(7, 9));
			this.row.end();
		}
		this.row.begin("Record", 0);
		this.row.end();
		assertThat(this.row.route(0)).isNotNegative().isEqualTo(this.row.route(1));
		assertThat(this.row.route(2)).isEqualTo(RowEncoder.ANY_SLOT);
		assertThat(List.of(this.row.table(0), this.row.table(1))).containsExactly(0, 1);
	}

	@Test
	void aPolicyHasItsBounds() {
		assertThatIllegalArgumentException().isThrownBy(() -> policy(63, 64, 1, Duration.ZERO))
			.withMessage("maxTextBytes must be at least 64");
		assertThatIllegalArgumentException().isThrownBy(() -> policy(64, 63, 1, Duration.ZERO))
			.withMessage("maxJsonBytes must be at least 64");
		assertThatIllegalArgumentException().isThrownBy(() -> policy(64, 64, 401, Duration.ZERO))
			.withMessage("maxJsonDepth must be from 1 to 400");
		assertThatIllegalArgumentException().isThrownBy(() -> policy(64, 64, 1, Duration.ofNanos(-1)))
			.withMessageStartingWith("maxAhead must be ");
	}

	/** So that a huge collection is refused before it has taken the memory. */
	@Test
	void theRowsOfOneCallAreBounded() {
		RowEncoder row = new RowEncoder(InputPolicy.DEFAULT, Clock.systemUTC(), 10_000, null);
		row.begin("Record", 3);
		row.text("text", "s3cr3t".repeat(1000));
		assertThatExceptionOfType(StorageException.class).isThrownBy(() -> row.text("text", "s3cr3t".repeat(1000)))
			.withMessageContaining("10000 bytes")
			.withMessageNotContaining("s3cr3t");
		assertThatExceptionOfType(StorageException.class)
			.isThrownBy(() -> row.json("json", Map.of("a", "s3cr3t".repeat(1000))))
			.withMessageContaining("10000 bytes");
	}

	/** The generator has a bound of its own on nesting, which must lie beyond ours. */
	@Test
	void theDeepestPolicyIsWithinTheGeneratorsReach() {
		RowEncoder row = encoder(policy(64, 1 << 20, 400, Duration.ZERO));
		Map<String, Object> map = Map.of();
		for (int i = 0; i < 500; i++) {
			map = Map.of("k", map);
		}
		row.begin("Record", 1);
		row.json("json", map);
		row.end();
		assertThat(row.truncated()).isEqualTo(1);
	}

	private static InputPolicy policy(int maxText, int maxJson, int depth, Duration ahead) {
		return new InputPolicy(Action.REPLACE, Action.REPLACE, Action.REPLACE, maxText, maxJson, depth, ahead);
	}

	private static RowEncoder encoder(InputPolicy policy) {
		return new RowEncoder(policy, Clock.fixed(NOW, ZoneOffset.UTC), MAX_LENGTH, null);
	}

	private static void assertRefused(String message, Runnable write) {
		assertThatExceptionOfType(InvalidRecordException.class).isThrownBy(write::run).withMessage(message);
	}

	private static int utf8(String text) {
		return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
	}

	private static Rows rows(RowEncoder row) {
		return new Rows(List.of(new Chunk(row.bytes(), 0, row.length(), row.rows())));
	}

	private String only(ColumnType type) {
		RowDecoder decoder = rows(this.row).decoder();
		assertThat(decoder.next()).isTrue();
		return decoder.text(type);
	}

}
