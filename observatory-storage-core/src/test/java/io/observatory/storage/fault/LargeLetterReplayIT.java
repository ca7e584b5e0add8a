package io.observatory.storage.fault;

import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.deadletter.DeadLetterQueue;
import io.observatory.storage.deadletter.DeadLetterQueue.Replay;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricType;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Dead letters of a size at which a writer would send a single row by COPY. The sessions
 * of the replay are new ones, in which no writer has made a stage.
 */
class LargeLetterReplayIT {

	private static final Map<String, Object> LARGE = Map.of("prompt", "x".repeat(70_000));

	private final Database database = Database.get();

	private final DeadLetterQueue letters = new DeadLetterQueue(this.database.dataSource(), "observatory");

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	static Stream<Arguments> upserts() {
		Consumer<Writer> trace = (writer) -> ((TraceWriter) writer).writeTrace(Trace.builder()
			.traceId(Records.traceId(1))
			.serviceName("checkout")
			.startTime(Records.START)
			.attributes(LARGE)
			.build());
		Consumer<Writer> span = (writer) -> ((TraceWriter) writer).writeSpan(large(Records.span(1, 1)));
		Consumer<Writer> metric = (writer) -> ((MetricWriter) writer).writeMetric(Metric.builder()
			.name("requests")
			.type(MetricType.GAUGE)
			.serviceName("checkout")
			.attributes(LARGE)
			.build());
		return Stream.of(Arguments.of("traces", trace), Arguments.of("trace_spans", span),
				Arguments.of("metrics", metric));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("upserts")
	void aLargeLetterIsReplayedAndThoseBehindItToo(String table, Consumer<Writer> write) {
		refuse(table, write);
		refuse(table, write);
		assertThat(this.letters.replay(10)).isEqualTo(new Replay(2, 0, 0));
		assertThat(this.database.count(table)).isEqualTo(1);
	}

	/** A span that is there is corrected by way of a stage, however it is sent. */
	@Test
	void aLargeSpanWhoseKeyExistsIsReplayed() {
		Consumer<Writer> write = (writer) -> ((TraceWriter) writer).writeSpan(large(Records.span(1, 1)));
		refuse("trace_spans", write);
		try (TraceWriter writer = new TraceWriter(this.database.dataSource())) {
			write.accept(writer);
		}
		assertThat(this.letters.replay(10)).isEqualTo(new Replay(1, 0, 0));
		assertThat(this.database.count("trace_spans")).isEqualTo(1);
	}

	private static TraceSpan large(TraceSpan span) {
		return TraceSpan.builder()
			.traceId(span.traceId())
			.spanId(span.spanId())
			.name(span.name())
			.serviceName(span.serviceName())
			.startTime(span.startTime())
			.attributes(LARGE)
			.build();
	}

	private void refuse(String table, Consumer<Writer> write) {
		this.database.jdbc()
			.execute("ALTER TABLE observatory." + table + " ADD CONSTRAINT refusing CHECK (id IS NULL) NOT VALID");
		WriterConfig config = WriterConfig.logs().build();
		try (Writer writer = table.equals("metrics") ? new MetricWriter(this.database.dataSource(), config)
				: new TraceWriter(this.database.dataSource(), config)) {
			write.accept(writer);
			assertThat(writer.flush().deadLettered()).isPositive();
		}
		finally {
			this.database.jdbc().execute("ALTER TABLE observatory." + table + " DROP CONSTRAINT refusing");
		}
	}

}
