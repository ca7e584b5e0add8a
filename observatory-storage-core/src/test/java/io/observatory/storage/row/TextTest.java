package io.observatory.storage.row;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

import io.observatory.storage.testing.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The short ways for plain texts are taken by plain texts only.
 */
class TextTest {

	@Property(tries = 1000, seed = "1")
	void plainIsWhatItsWordsSay(@ForAll("texts") String text) {
		assertThat(Text.isAscii(text)).isEqualTo(text.chars().allMatch((c) -> c > 0 && c < 0x80));
		assertThat(Text.isPlainJson(text))
			.isEqualTo(text.chars().allMatch((c) -> c >= ' ' && c < 0x80 && c != '"' && c != '\\'));
		if (Text.isStorable(text)) {
			assertThat(Text.utf8Length(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
		}
	}

	/** The low bytes of these characters are those of plain ASCII. */
	@ParameterizedTest
	@ValueSource(strings = { "\u0141\u0142\u0143", "abc\u0161", "\u2041", "é", "\u007f\u0080" })
	void aCharacterIsNotMistakenForItsLowByte(String text) {
		assertThat(Text.isAscii(text)).isFalse();
		assertThat(Text.isPlainJson(text)).isFalse();
		RowEncoder row = encoder();
		row.begin("Record", 2);
		row.text("text", text);
		row.json("json", Map.of(text, text));
		row.end();
		RowDecoder decoder = decoder(row);
		assertThat(decoder.next()).isTrue();
		assertThat(decoder.text(ColumnType.TEXT)).isEqualTo(text);
		assertThat(decoder.text(ColumnType.JSONB)).isEqualTo("{\"" + text + "\":\"" + text + "\"}");
	}

	/** One encoder, more names than it keeps, some of which need an escape. */
	@Test
	void namesAreWrittenTheSameWhetherTheyAreKnownOrNot() {
		RowEncoder row = encoder();
		for (int round = 0; round < 3; round++) {
			for (int i = 0; i < 400; i++) {
				String name = "name \"" + i % 300 + "\"";
				row.reset();
				row.begin("Record", 1);
				row.json("json", new LinkedHashMap<>(Map.of(name, i)));
				row.end();
				RowDecoder decoder = decoder(row);
				assertThat(decoder.next()).isTrue();
				assertThat(decoder.text(ColumnType.JSONB)).isEqualTo("{\"name \\\"" + i % 300 + "\\\"\":" + i + "}");
			}
		}
	}

	private static RowEncoder encoder() {
		return new RowEncoder(InputPolicy.DEFAULT, Clock.systemUTC(), 1 << 20, null);
	}

	private static RowDecoder decoder(RowEncoder row) {
		return Rows.one(java.util.Arrays.copyOf(row.bytes(), row.length())).decoder();
	}

	@Provide
	Arbitrary<String> texts() {
		return Arbitraries.texts();
	}

}
