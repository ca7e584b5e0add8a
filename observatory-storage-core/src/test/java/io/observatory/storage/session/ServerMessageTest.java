package io.observatory.storage.session;

import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is read from a server's message, in whatever language it speaks, and what is not
 * shown of it.
 */
class ServerMessageTest {

	/**
	 * As PostgreSQL's translations have it; those without a match are divided blindly.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			COPY logs, line 17                          | 17
			COPY logs, line 17, column body             | 17
			COPY logs, line 17, column body: "17 times" | 17
			COPY logs, Zeile 17, Spalte body            | 17
			COPY logs, ligne 17, colonne body           | 17
			COPY logs, línea 17, columna body           | 17
			COPY logs, строка 17, столбец body          | 17
			COPY logs, line 5000                        | 5000
			COPY logs_20260329, line 3                  | 3
			PL/pgSQL-Funktion checked() Zeile 3 bei RAISE~COPY logs, Zeile 17 | 17
			SQL statement "SELECT 1 FROM ONLY x"        | 0
			unnamed portal with 15 parameters           | 0
			logs 복사, 17번째 줄, body 열               | 0
			COPY logs, line 99999999999999999999        | 0
			""")
	void theLineIsReadFromTheContext(String context, int line) {
		assertThat(ServerMessage.copyLine(failure("23514", context.replace('~', '\n')))).isEqualTo(line);
	}

	@Test
	void withoutAContextThereIsNoLine() {
		assertThat(ServerMessage.copyLine(failure("23503", null))).isZero();
		assertThat(ServerMessage.copyLine(new SQLException("COPY logs, line 17"))).isZero();
	}

	@Test
	void theServersOwnWordsAboutARowAreNotShown() {
		assertThat(ServerMessage.describe(failure("23514", "COPY logs, line 1: \"s3cr3t\""), ErrorClass.POISON))
			.isEqualTo("PostgreSQL refused a row (SQLSTATE 23514)");
	}

	/** A trigger may raise any state, with words of its own. */
	@ParameterizedTest
	@ValueSource(strings = { "42501", "57014", "57P01", "08006", "28000", "3D000", "25006" })
	void theServersOwnWordsAreShownOnlyWhereNoTriggerCanHaveSpoken(String state) {
		SQLException raised = failure(state, "PL/pgSQL function quote() line 2 at RAISE");
		assertThat(ServerMessage.describe(raised, ErrorClass.of(raised))).doesNotContain("s3cr3t").contains(state);
		SQLException own = failure(state, null);
		assertThat(ServerMessage.describe(own, ErrorClass.of(own))).startsWith("neue Zeile").contains(state);
	}

	private static SQLException failure(String state, String context) {
		String where = (context != null) ? "W" + context + "\0" : "";
		return new PSQLException(new ServerErrorMessage("SFEHLER\0VERROR\0C" + state
				+ "\0Mneue Zeile »s3cr3t« verletzt Check-Constraint\0DFehlgeschlagene Zeile enthält (s3cr3t)\0" + where
				+ "nno_poison\0"));
	}

}
