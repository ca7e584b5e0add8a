package io.observatory.storage.view;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.Ids;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.NotOn;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.TraceWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The statements of docs/personal-data.md erase what is stored about one person, and
 * nothing of anybody else.
 */
@NotOn(value = Engine.CITUS, because = "the statements are for one server")
class PersonalDataIT {

	private final Database database = Database.get();

	@BeforeEach
	void clear() {
		for (String table : List.of("scores", "trace_events", "logs", "trace_spans", "traces")) {
			this.database.jdbc().execute("DELETE FROM observatory." + table);
		}
	}

	@Test
	void onePersonsRecordsAreErasedAndNobodyElses() throws Exception {
		try (TraceWriter traces = new TraceWriter(this.database.dataSource(), WriterConfig.traces().build());
				LogWriter logs = new LogWriter(this.database.dataSource(), WriterConfig.logs().build())) {
			call(traces, 1, 10, "user-42", "chat-1");
			call(traces, 1, 11, null, null);
			call(traces, 2, 12, null, "chat-1");
			call(traces, 3, 13, "user-7", "chat-2");
			call(traces, 4, 14, null, null);
			for (long trace = 1; trace <= 3; trace++) {
				traces.writeScore(Records.score(trace));
				logs.writeLog(Records.log(trace));
			}
			for (String conversation : List.of("chat-1", "chat-2")) {
				traces.writeScore(
						Records.score(5).toBuilder().traceId(null).spanId(null).conversationId(conversation).build());
			}
			for (long call : List.of(12L, 13L)) {
				traces
					.writeScore(Records.score(6).toBuilder().traceId(null).spanId(null).responseId("r" + call).build());
			}
			logs.writeLog(Records.log(7).toBuilder().traceId(null).attributes(Map.of("user.id", "user-42")).build());
			logs.writeLog(Records.log(8).toBuilder().traceId(null).build());
		}

		erase();

		assertThat(ids("SELECT id FROM observatory.traces")).containsExactlyInAnyOrder(trace(3), trace(4));
		assertThat(texts("SELECT span_id FROM observatory.trace_spans")).containsExactlyInAnyOrder(Records.spanId(13),
				Records.spanId(14));
		assertThat(texts("SELECT name FROM observatory.trace_events")).containsExactlyInAnyOrder("of 13", "of 14");
		assertThat(texts("SELECT coalesce(trace_id, body) FROM observatory.logs"))
			.containsExactlyInAnyOrder(Records.traceId(3), Records.log(8).body());
		assertThat(texts("SELECT coalesce(trace_id, conversation_id, response_id) FROM observatory.scores"))
			.containsExactlyInAnyOrder(Records.traceId(3), "chat-2", "r13");
	}

	private void erase() throws IOException, SQLException {
		String page = Files.readString(Path.of("..", "docs", "personal-data.md"));
		int begin = page.indexOf("\n", page.indexOf("```sql erase-one-person"));
		try (Connection connection = this.database.dataSource().getConnection()) {
			connection.createStatement().execute(page.substring(begin, page.indexOf("```", begin)));
		}
	}

	private static void call(TraceWriter traces, long trace, long span, @Nullable String user,
			@Nullable String conversation) {
		Map<String, Object> attributes = new HashMap<>(
				Map.of("gen_ai.operation.name", "chat", "gen_ai.response.id", "r" + span));
		if (user != null) {
			attributes.put("user.id", user);
		}
		if (conversation != null) {
			attributes.put("gen_ai.conversation.id", conversation);
		}
		traces.writeSpan(Records.span(trace, span).toBuilder().attributes(attributes).build());
		traces.writeEvent(TraceEvent.builder()
			.traceId(Records.traceId(trace))
			.spanId(Records.spanId(span))
			.name("of " + span)
			.timestamp(Records.START)
			.build());
	}

	private static UUID trace(long trace) {
		return Ids.trace(Records.traceId(trace));
	}

	private List<UUID> ids(String sql) {
		return this.database.jdbc().queryForList(sql, UUID.class);
	}

	private List<String> texts(String sql) {
		return this.database.jdbc().queryForList(sql, String.class);
	}

}
