package io.observatory.storage.row;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rows as JSON, and what is not a row.
 */
class RowJsonTest {

	private static final UUID ID = UUID.fromString("4bf92f35-77b3-4da6-a3ce-929d0e0e4736");

	private static final List<Column> COLUMNS = List.of(new Column("id", ColumnType.UUID),
			new Column("body", ColumnType.TEXT), new Column("at", ColumnType.TIMESTAMPTZ),
			new Column("small", ColumnType.SMALLINT), new Column("number", ColumnType.INTEGER),
			new Column("count", ColumnType.BIGINT), new Column("value", ColumnType.DOUBLE),
			new Column("attributes", ColumnType.JSONB), new Column("nothing", ColumnType.TEXT));

	@Test
	void eachColumnIsAMember() {
		assertThat(RowJson.render(COLUMNS, row(1.5))).isEqualTo(
				"""
						{"id":"4bf92f35-77b3-4da6-a3ce-929d0e0e4736","body":"say \\"hi\\" 🙂","at":"2026-03-29T12:00:00.000001Z",\
						"small":7,"number":-3,"count":9223372036854775807,"value":1.5,"attributes":{"a":[1,{"b":null}]},\
						"nothing":null}""");
	}

	@Test
	void whatJsonHasNoNumberForIsAString() {
		assertThat(RowJson.render(COLUMNS, row(Double.NaN))).contains("\"value\":\"NaN\"");
		assertThat(RowJson.render(COLUMNS, row(Double.NEGATIVE_INFINITY))).contains("\"value\":\"-Infinity\"");
	}

	@Test
	void jsonThatIsNoneIsAString() {
		byte[] row = row(1.5);
		int brace = new String(row, StandardCharsets.ISO_8859_1).indexOf("{\"a\"");
		row[brace] = '[';
		assertThat(RowFormat.isRow(row, COLUMNS)).isTrue();
		assertThat(RowJson.render(COLUMNS, row)).contains("\"attributes\":\"[\\\"a\\\":[1,{\\\"b\\\":null}]}\"");
	}

	@Test
	void noPartOfARowIsARow() {
		byte[] row = row(1.5);
		assertThat(RowFormat.isRow(row, COLUMNS)).isTrue();
		for (int length = 0; length < row.length; length++) {
			assertThat(RowFormat.isRow(Arrays.copyOf(row, length), COLUMNS)).as("the first %d bytes", length).isFalse();
		}
		assertThat(RowFormat.isRow(Arrays.copyOf(row, row.length + 1), COLUMNS)).isFalse();
		assertThat(RowFormat.isRow(row, COLUMNS.subList(0, 8))).isFalse();
	}

	/** Whatever a damaged byte says, nothing but a refusal or some text comes of it. */
	@Test
	void aDamagedByteIsFoundOrHarmless() {
		byte[] row = row(1.5);
		int found = 0;
		for (int i = 0; i < row.length; i++) {
			for (int bit = 0; bit < Byte.SIZE; bit++) {
				byte[] damaged = row.clone();
				damaged[i] ^= (byte) (1 << bit);
				if (RowFormat.isRow(damaged, COLUMNS)) {
					assertThat(RowJson.render(COLUMNS, damaged)).startsWith("{\"id\":").endsWith("}");
				}
				else {
					found++;
				}
			}
		}
		// every bit of the count, of the nine lengths and of the jsonb version
		assertThat(found).isEqualTo((2 + 9 * 4 + 1) * Byte.SIZE);
	}

	private static byte[] row(double value) {
		RowEncoder row = new RowEncoder(InputPolicy.DEFAULT,
				Clock.fixed(Instant.parse("2026-03-29T12:00:00Z"), ZoneOffset.UTC));
		row.begin("Record", COLUMNS.size());
		row.uuid("id", ID);
		row.text("body", "say \"hi\" 🙂");
		row.time("at", Instant.parse("2026-03-29T12:00:00.000001Z"));
		row.smallint(7);
		row.integer("number", -3, -10, 10);
		row.notNegative("count", Long.MAX_VALUE);
		row.real(value);
		row.json("attributes", Map.of("a", Arrays.asList(1, Collections.singletonMap("b", null))));
		row.absent();
		row.end();
		return Arrays.copyOf(row.bytes(), row.length());
	}

}
