package io.observatory.storage.capture.ai;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import io.observatory.storage.testing.Postgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application, with a pool of the writers' own, beside OpenTelemetry's Java agent,
 * which makes spans of statements and of scheduled methods, whosever they are.
 */
class AgentIT {

	private static final Path AGENT = Path.of("target", "agent", "opentelemetry-javaagent.jar").toAbsolutePath();

	private static final String SPAN = "LoggingSpanExporter";

	@TempDir
	Path directory;

	@Test
	void whatIsStoredIsWhatTheProvidersAnsweredAndOurOwnWorkIsNotTraced() throws Exception {
		String database = Postgres.migratedDatabase();
		try (FakeProviders providers = new FakeProviders()) {
			String[] arguments = AskingProcess.app(Postgres.url(database), providers)
				.with("observatory.storage.datasource.url", Postgres.url(database))
				.arguments();
			String printed = new AskingProcess(List.of("-javaagent:" + AGENT, "-Dotel.traces.exporter=console",
					"-Dotel.metrics.exporter=none", "-Dotel.logs.exporter=none"), List.of(), arguments)
				.run(this.directory);
			List<String> spans = printed.lines().filter((line) -> line.contains(SPAN)).toList();
			assertThat(spans).as("The agent traces").anyMatch((span) -> span.contains("io.opentelemetry.jdbc"));
			assertThat(spans).as("Own work is not traced")
				.noneMatch((span) -> span.toLowerCase(Locale.ROOT).contains("observatory"));
			StoredCalls.assertEqual(StoredCalls.all(Postgres.jdbc(database), AskingApplication.CALLS),
					providers.takeLog());
		}
	}

}
