package io.observatory.storage.sample.pages.export;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CsvWriterTest {

	@ParameterizedTest
	@ValueSource(strings = { "=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1",
			"\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)" })
	void whatASpreadsheetWouldComputeIsText(String formula) {
		assertThat(CsvWriter.cell(formula)).isEqualTo("\"'" + formula + "\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "chat gpt-4o", "a=1", "'", "1,000", "5 %" })
	void anyOtherTextStaysAsItIs(String text) {
		assertThat(CsvWriter.cell(text)).isEqualTo('"' + text + '"');
	}

	@Test
	void aMissingTextIsNotAnEmptyOne() {
		assertThat(CsvWriter.cell(null)).isEmpty();
		assertThat(CsvWriter.cell("")).isEqualTo("\"\"");
	}

	/** RFC 4180, section 2.7: a quote within a cell is doubled. */
	@Property
	void aCellEndsWhereItsTextEnds(@ForAll String text) {
		String cell = CsvWriter.cell(text);
		String inner = cell.substring(1, cell.length() - 1);
		assertThat(cell).startsWith("\"").endsWith("\"");
		assertThat(inner.replace("\"\"", "")).doesNotContain("\"");
		assertThat(inner.replace("\"\"", "\"")).isIn(text, "'" + text);
	}

}
