package io.observatory.storage.sample.it;

import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application in this process with nothing but the starter, and a database of its own:
 * the SDK's data go into its exporters, and are committed when they say so.
 */
final class InProcess implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private final StoredRows stored;

	private InProcess(ConfigurableApplicationContext context, StoredRows stored) {
		this.context = context;
		this.stored = stored;
	}

	static InProcess start(Instant since) {
		TestDatabase database = TestDatabase.create();
		return new InProcess(new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run(database.arguments("--observatory.storage.capture.content=true",
					"--observatory.storage.traces.flush-interval=1h", "--observatory.storage.metrics.flush-interval=1h",
					"--observatory.storage.logs.flush-interval=1h")),
				new StoredRows(database, since));
	}

	void exportSpans(Collection<SpanData> spans) {
		SpanExporter exporter = this.context.getBean(SpanExporter.class);
		succeeds(exporter.export(spans));
		succeeds(exporter.flush());
	}

	void exportMetrics(Collection<MetricData> metrics) {
		MetricExporter exporter = this.context.getBean(MetricExporter.class);
		succeeds(exporter.export(metrics));
		succeeds(exporter.flush());
	}

	void exportLogs(Collection<LogRecordData> logs) {
		LogRecordExporter exporter = this.context.getBean(LogRecordExporter.class);
		succeeds(exporter.export(logs));
		succeeds(exporter.flush());
	}

	private static void succeeds(CompletableResultCode result) {
		assertThat(result.join(60, TimeUnit.SECONDS).isSuccess()).as("exported").isTrue();
	}

	StoredRows stored() {
		return this.stored;
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
