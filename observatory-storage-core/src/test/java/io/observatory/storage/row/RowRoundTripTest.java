package io.observatory.storage.row;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.row.InputPolicy.Action;
import io.observatory.storage.row.Rows.Chunk;
import io.observatory.storage.testing.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the encoder writes the decoder reads, as text that PostgreSQL reads.
 */
class RowRoundTripTest {

	private static final long MAX_LENGTH = 1 << 28;

	private static final Instant NOW = Instant.parse("2026-03-29T12:00:00Z");

	@Property(tries = 200, seed = "1")
	void everyFieldComesBack(@ForAll long most, @ForAll long least, @ForAll("texts") String text, @ForAll long nanos,
			@ForAll short small, @ForAll int number, @ForAll @LongRange(min = 0) long count, @ForAll double real) {
		Instant time = Instant.EPOCH.plusNanos(Math.floorMod(nanos, Duration.between(Instant.EPOCH, NOW).toNanos()));
		UUID uuid = new UUID(most, least);
		RowEncoder row = new RowEncoder(InputPolicy.DEFAULT, Clock.fixed(NOW, ZoneOffset.UTC), MAX_LENGTH, null);
		row.begin("Record", 9);
		row.uuid("uuid", uuid);
		row.text("text", text);
		row.time("time", time);
		row.smallint(small);
		row.integer("number", number, Integer.MIN_VALUE, Integer.MAX_VALUE);
		row.notNegative("count", count);
		row.real(real);
		row.<Object>jsonArray("json", List.of(), (element, object) -> object.member("element", element));
		row.absent();
		row.end();

		RowDecoder decoder = decoder(row);
		assertThat(decoder.next()).isTrue();
		assertThat(decoder.text(ColumnType.UUID)).isEqualTo(uuid.toString());
		assertThat(decoder.text(ColumnType.TEXT)).isEqualTo(Text.isStorable(text) ? text : Text.storable(text));
		Instant floored = time.minusNanos(time.getNano() % 1000);
		assertThat(decoder.text(ColumnType.TIMESTAMPTZ)).isEqualTo(floored.toString());
		assertThat(decoder.text(ColumnType.SMALLINT)).isEqualTo(Short.toString(small));
		assertThat(decoder.text(ColumnType.INTEGER)).isEqualTo(Integer.toString(number));
		assertThat(decoder.text(ColumnType.BIGINT)).isEqualTo(Long.toString(count));
		assertThat(decoder.text(ColumnType.DOUBLE)).isEqualTo(Double.toString(real));
		assertThat(decoder.text(ColumnType.JSONB)).isNull();
		assertThat(decoder.text(ColumnType.TEXT)).isNull();
		assertThat(decoder.next()).isFalse();
	}

	@Property(tries = 200, seed = "2")
	void rowsAreFoundInWhateverChunksTheyLie(@ForAll @Size(min = 1, max = 30) List<@From("texts") String> texts,
			@ForAll @LongRange(min = 0, max = 29) long cut) {
		RowEncoder row = new RowEncoder(InputPolicy.DEFAULT, Clock.fixed(NOW, ZoneOffset.UTC), MAX_LENGTH, null);
		for (String text : texts) {
			row.begin("Record", 1);
			row.text("text", text);
			row.end();
		}
		int at = (int) Math.min(cut, texts.size());
		int middle = row.start(at == texts.size() ? 0 : at);
		int first = (at == texts.size()) ? 0 : at;
		Rows rows = new Rows(List.of(new Chunk(row.bytes(), 0, middle, first),
				new Chunk(row.bytes(), middle, row.length() - middle, texts.size() - first)));
		RowDecoder decoder = rows.decoder();
		for (int i = 0; i < texts.size(); i++) {
			String expected = Text.storable(texts.get(i));
			assertThat(decoder.next()).isTrue();
			assertThat(decoder.text(ColumnType.TEXT)).isEqualTo(expected);
			RowDecoder alone = rows.slice(i, i + 1).decoder();
			assertThat(alone.next()).isTrue();
			assertThat(alone.text(ColumnType.TEXT)).isEqualTo(expected);
			assertThat(rows.row(i)).hasSize(row.end(i) - row.start(i));
		}
		assertThat(decoder.next()).isFalse();
	}

	/** What is rejected by one policy is what the other one counts. */
	@Property(tries = 300, seed = "3")
	void theTwoPoliciesAgreeOnWhatIsNasty(@ForAll("texts") String text) {
		RowEncoder replacing = new RowEncoder(InputPolicy.DEFAULT, Clock.systemUTC(), MAX_LENGTH, null);
		replacing.begin("Record", 1);
		replacing.text("text", text);
		replacing.end();
		RowEncoder rejecting = new RowEncoder(
				new InputPolicy(Action.REJECT, Action.REJECT, Action.REJECT, 1 << 20, 1 << 20, 256, Duration.ofDays(7)),
				Clock.systemUTC(), MAX_LENGTH, null);
		rejecting.begin("Record", 1);
		if (replacing.replaced() + replacing.truncated() == 0) {
			rejecting.text("text", text);
			rejecting.end();
			assertThat(rejecting.length()).isEqualTo(replacing.length());
		}
		else {
			assertThatExceptionOfType(InvalidRecordException.class).isThrownBy(() -> rejecting.text("text", text))
				.withMessage("Record.text: holds NUL or a lone surrogate, which PostgreSQL cannot store");
		}
	}

	@Provide
	Arbitrary<String> texts() {
		return Arbitraries.texts();
	}

	private static RowDecoder decoder(RowEncoder row) {
		return new Rows(List.of(new Chunk(row.bytes(), 0, row.length(), row.rows()))).decoder();
	}

}
