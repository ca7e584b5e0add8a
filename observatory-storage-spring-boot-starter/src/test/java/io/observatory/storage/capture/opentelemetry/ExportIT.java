package io.observatory.storage.capture.opentelemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.capture.TraceSampling;
import io.observatory.storage.llm.price.PriceTable;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.testing.Rows;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an exporter's success means.
 */
class ExportIT {

	private static final int ROOM = 10;

	private static String database;

	private static ConfigurableApplicationContext context;

	private static TraceWriter writer;

	private final ObservatorySpanExporter exporter = new ObservatorySpanExporter(writer, new TraceSampling(1));

	@BeforeAll
	static void start() {
		database = Postgres.migratedDatabase();
		context = App.onSharedDataSource(Postgres.url(database))
			.with("observatory.storage.traces.max-buffer-rows", ROOM)
			.with("observatory.storage.traces.block-timeout", "1h")
			.with("observatory.storage.traces.flush-interval", "1h")
			.with("observatory.storage.flush-timeout", "1s")
			.run();
		writer = context.getBean(TraceWriter.class);
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@Test
	void exportSucceedsWhenTheSpansAreTakenAndFailsWithoutWaitingWhenTheBufferIsFull() {
		long dropped = dropped();
		writer.pause();
		List<SpanData> spans = spans("shop", ROOM);
		assertThat(this.exporter.export(spans).isSuccess()).isTrue();
		CompletableResultCode full = this.exporter.export(spans("shop", 1));
		assertThat(full.isDone()).isTrue();
		assertThat(full.isSuccess()).isFalse();
		assertThat(dropped() - dropped).isOne();
		writer.resume();
		assertThat(this.exporter.flush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
		assertThat(storedOf(spans)).isEqualTo(ROOM);
	}

	@Test
	void flushSucceedsOnlyWhenTheSpansAreCommittedAndFailsWhenTheyAreNotInTime() {
		List<SpanData> spans = spans("shop", 3);
		writer.pause();
		assertThat(this.exporter.export(spans).isSuccess()).isTrue();
		CompletableResultCode flush = this.exporter.flush();
		assertThat(flush.isDone()).isFalse();
		assertThat(flush.join(30, TimeUnit.SECONDS).isSuccess()).as("after flush-timeout").isFalse();
		assertThat(storedOf(spans)).isZero();
		writer.resume();
		assertThat(this.exporter.flush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
		assertThat(storedOf(spans)).isEqualTo(3);
	}

	@Test
	void shutdownStoresWhatThereIsAndRefusesWhatComesAndLeavesTheWriterOpen() {
		List<SpanData> spans = spans("shop", 2);
		assertThat(this.exporter.export(spans).isSuccess()).isTrue();
		CompletableResultCode shutdown = this.exporter.shutdown();
		assertThat(shutdown.join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
		assertThat(storedOf(spans)).isEqualTo(2);
		assertThat(this.exporter.export(spans("shop", 1)).isSuccess()).isFalse();
		assertThat(this.exporter.shutdown()).isSameAs(shutdown);
		assertThat(new ObservatorySpanExporter(writer, new TraceSampling(1)).export(spans("shop", 1)).isSuccess())
			.isTrue();
	}

	@Test
	void aSpanThatCannotBeStoredDoesNotTakeTheOthersWithIt() {
		List<SpanData> good = spans("shop", 2);
		List<SpanData> all = new ArrayList<>(good);
		all.add(1, spans("x".repeat(300), 1).get(0));
		assertThat(this.exporter.export(all).isSuccess()).isTrue();
		assertThat(this.exporter.flush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
		assertThat(storedOf(all)).isEqualTo(2);
	}

	@Test
	void withoutAWriterNothingIsTakenAndThereIsNothingToFlush() {
		ObservatorySpanExporter early = new ObservatorySpanExporter(() -> null, new TraceSampling(1), false,
				PriceTable.NONE);
		assertThat(early.export(spans("shop", 1)).isSuccess()).isFalse();
		assertThat(early.flush().isSuccess()).isTrue();
		assertThat(new ObservatoryLogRecordExporter(context.getBean(LogWriter.class)).flush()
			.join(30, TimeUnit.SECONDS)
			.isSuccess()).isTrue();
		assertThat(new ObservatoryMetricExporter(context.getBean(MetricWriter.class)).shutdown()
			.join(30, TimeUnit.SECONDS)
			.isSuccess()).isTrue();
	}

	@Test
	void whatWasSaidIsLeftOutUnlessAskedFor() {
		List<SpanData> chat = exported((tracer) -> {
			Span span = tracer.spanBuilder("chat")
				.setAttribute("gen_ai.system", "openai")
				.setAttribute("gen_ai.prompt", "CANARY")
				.setAttribute("gen_ai.completion.0.content", "CANARY")
				.setAttribute("db.vector.query.content", "CANARY")
				.setAttribute("spring.ai.tool.call.arguments", "CANARY")
				.startSpan();
			span.addEvent("gen_ai.user.message",
					Attributes.builder().put("content", "CANARY").put("gen_ai.system", "openai").build());
			span.recordException(new IllegalStateException("cannot answer: CANARY"));
			span.setStatus(StatusCode.ERROR, "cannot answer: CANARY").end();
		});
		List<SpanData> failed = exported((tracer) -> {
			Span span = tracer.spanBuilder("ordinary").startSpan();
			span.recordException(new IllegalStateException("of an ordinary span"));
			span.setStatus(StatusCode.ERROR, "of an ordinary span").end();
		});
		store(this.exporter, chat);
		assertThat(row(chat)).doesNotContain("CANARY")
			.contains("\"status\":\"error\"", "\"gen_ai.provider.name\": \"openai\"", "gen_ai.user.message",
					"\"exception.type\": \"java.lang.IllegalStateException\"");
		store(this.exporter, failed);
		assertThat(row(failed)).contains("\"status_message\":\"of an ordinary span\"",
				"\"exception.message\": \"of an ordinary span\"", "exception.stacktrace");
		List<SpanData> again = exported(
				(tracer) -> tracer.spanBuilder("chat").setAttribute("gen_ai.prompt", "CANARY").startSpan().end());
		store(new ObservatorySpanExporter(() -> writer, new TraceSampling(1), true, PriceTable.NONE), again);
		assertThat(row(again)).contains("\"gen_ai.prompt\": \"CANARY\"",
				"\"gen_ai.input.messages\": [{\"role\": \"user\", \"parts\": [{\"type\": \"text\", \"content\": \"CANARY\"}]}]");
	}

	@Test
	void aCallOfAModelHasItsCost() {
		List<SpanData> call = exported((tracer) -> tracer.spanBuilder("chat gpt-4o")
			.setAttribute("gen_ai.operation.name", "chat")
			.setAttribute("gen_ai.system", "openai")
			.setAttribute("gen_ai.response.model", "gpt-4o-2024-08-06")
			.setAttribute("gen_ai.usage.prompt_tokens", 21)
			.setAttribute("gen_ai.usage.completion_tokens", 7)
			.startSpan()
			.end());
		store(this.exporter, call);
		assertThat(row(call)).contains("\"llm.cost.amount_usd\": 0.0001225", "\"llm.cost.source\": \"genai-prices ");
	}

	private static void store(ObservatorySpanExporter exporter, List<SpanData> spans) {
		assertThat(exporter.export(spans).isSuccess()).isTrue();
		assertThat(exporter.flush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
	}

	private static String row(List<SpanData> spans) {
		return String
			.valueOf(Rows
				.of(database, "SELECT row_to_json(s)::text AS json FROM observatory.trace_spans s WHERE span_id = ?",
						spans.get(0).getSpanId())
				.get(0)
				.get("json"));
	}

	private static long dropped() {
		WriteStats stats = writer.writeStats();
		return stats.dropped().get(DropReason.BUFFER_FULL);
	}

	private static long storedOf(List<SpanData> spans) {
		List<String> stored = Rows.of(database, "SELECT span_id FROM observatory.trace_spans")
			.stream()
			.map((row) -> String.valueOf(row.get("span_id")))
			.toList();
		return spans.stream().filter((span) -> stored.contains(span.getSpanId())).count();
	}

	private static List<SpanData> spans(String service, int count) {
		return exported(service, (tracer) -> {
			for (int i = 0; i < count; i++) {
				tracer.spanBuilder("span " + i).startSpan().end();
			}
		});
	}

	private static List<SpanData> exported(Consumer<Tracer> recording) {
		return exported("shop", recording);
	}

	private static List<SpanData> exported(String service, Consumer<Tracer> recording) {
		InMemorySpanExporter memory = InMemorySpanExporter.create();
		try (SdkTracerProvider provider = SdkTracerProvider.builder()
			.setResource(Resource.create(Attributes.builder().put("service.name", service).build()))
			.addSpanProcessor(SimpleSpanProcessor.create(memory))
			.build()) {
			recording.accept(provider.get("test"));
			return List.copyOf(memory.getFinishedSpanItems());
		}
	}

}
