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

	private static final List<String> SCHEMA = List.of("DROP SCHEMA IF EXISTS usual CASCADE", "CREATE SCHEMA usual",
			"CREATE TABLE usual.logs (LIKE observatory.logs INCLUDING DEFAULTS, PRIMARY KEY (id))",
			"CREATE INDEX ON usual.logs (timestamp DESC)", "CREATE INDEX ON usual.logs (trace_id)",
			"CREATE INDEX ON usual.logs (service_name)");

	LogsAsShippedWorkload() {
		super(NAME, "usual");
	}

	static void createTable(JdbcTemplate jdbc) {
		SCHEMA.forEach(jdbc::execute);
	}

	@Override
	LogRecord record(long number) {
		long mixed = Numbers.mix(number);
		// the version and the variant of a random one (RFC 9562, section 5.4)
		return builder(number).id(new UUID((mixed & ~0xF000L) | 0x4000L, (mixed >>> 2) | Long.MIN_VALUE)).build();
	}

}
