package io.observatory.storage.bench;

import java.util.List;
import java.util.UUID;

import io.observatory.storage.model.LogRecord;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The same logs, in the table that one would make for them without much thought: a random
 * key, and a B-tree for each column that is searched.
 */
final class LogsAsShippedWorkload extends LogsWorkload {

	static final String NAME = "logs_as_shipped";

	private static final List<String> TABLE = List.of("DROP SCHEMA IF EXISTS usual CASCADE", "CREATE SCHEMA usual",
			"CREATE TABLE usual.logs (LIKE observatory.logs INCLUDING DEFAULTS)");

	private static final List<String> INDEXES = List.of("ALTER TABLE usual.logs ADD PRIMARY KEY (id)",
			"CREATE INDEX ON usual.logs (timestamp DESC)", "CREATE INDEX ON usual.logs (trace_id)",
			"CREATE INDEX ON usual.logs (service_name)");

	private static final String FILL = """
			INSERT INTO usual.logs
			SELECT gen_random_uuid(), TIMESTAMPTZ '%1$s' - interval '7 days' * (%2$d - n) / greatest(1, %2$d), NULL, 9, 'INFO',
			       'Completed request ' || n || ' in 482 ms, 1203 tokens in, 311 tokens out, finish reason stop',
			       'service-' || n %% 8, md5((n / 10)::text), left(md5(n::text), 16), 1,
			       jsonb_build_object('http.route', '/v1/chat', 'http.request.method', 'POST', 'user.id', 'u' || n %% 1000),
			       jsonb_build_object('service.name', 'service-' || n %% 8, 'service.version', '4.12.0'),
			       'io.example.chat.ChatService', '2.1.0'
			  FROM generate_series(1, %2$d) AS n""";

	LogsAsShippedWorkload() {
		super(NAME, "usual");
	}

	/** Makes the table, which then holds so many rows of the week before today. */
	static void createTable(JdbcTemplate jdbc, long rows) {
		TABLE.forEach(jdbc::execute);
		jdbc.update(FILL.formatted(Numbers.MIDNIGHT, rows));
		INDEXES.forEach(jdbc::execute);
	}

	@Override
	LogRecord record(long number) {
		long mixed = Numbers.mix(number);
		// the version and the variant of a random one (RFC 9562, section 5.4)
		return builder(number).id(new UUID((mixed & ~0xF000L) | 0x4000L, (mixed >>> 2) | Long.MIN_VALUE)).build();
	}

}
