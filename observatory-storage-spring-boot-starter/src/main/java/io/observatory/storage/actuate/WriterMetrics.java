package io.observatory.storage.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.stats.FlushLatency;
import io.observatory.storage.stats.SpoolStats;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.writer.Writer;

/**
 * The meters of the writers. They read the counters of the writers when a registry asks,
 * and count nothing themselves.
 */
public final class WriterMetrics implements MeterBinder {

	private final List<Writer> writers;

	public WriterMetrics(List<Writer> writers) {
		this.writers = writers;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (Writer writer : this.writers) {
			bindRecords(writer, registry);
			bindBuffer(writer, registry);
			bindFlushes(writer, registry);
			bindSpool(writer, registry);
		}
	}

	private static void bindRecords(Writer writer, MeterRegistry registry) {
		record(writer, "accepted", WriteStats::accepted, registry);
		record(writer, "stored", WriteStats::stored, registry);
		record(writer, "dead_lettered", WriteStats::deadLettered, registry);
		record(writer, "dropped", WriteStats::droppedTotal, registry);
		record(writer, "refused", WriteStats::refused, registry);
		for (DropReason reason : DropReason.values()) {
			dropped(writer, reason, registry);
		}
	}

	private static void record(Writer writer, String outcome, ToDoubleFunction<WriteStats> count,
			MeterRegistry registry) {
		FunctionCounter
			.builder("observatory.storage.records", writer, (source) -> count.applyAsDouble(source.writeStats()))
			.description("Records by what became of them")
			.tag("writer", writer.name())
			.tag("outcome", outcome)
			.register(registry);
	}

	private static void dropped(Writer writer, DropReason reason, MeterRegistry registry) {
		FunctionCounter
			.builder("observatory.storage.dropped", writer,
					(source) -> source.writeStats().dropped().getOrDefault(reason, 0L))
			.description("Dropped records by reason")
			.tag("writer", writer.name())
			.tag("reason", reason.name().toLowerCase(Locale.ROOT))
			.register(registry);
	}

	private static void bindBuffer(Writer writer, MeterRegistry registry) {
		Gauge
			.builder("observatory.storage.buffer.rows", writer,
					(source) -> source.bufferStats().rows() + source.bufferStats().inFlightRows())
			.description("Rows that are buffered, those being stored included")
			.tag("writer", writer.name())
			.register(registry);
		Gauge
			.builder("observatory.storage.buffer.bytes", writer,
					(source) -> source.bufferStats().bytes() + source.bufferStats().inFlightBytes())
			.description("Bytes that are buffered, those being stored included")
			.baseUnit("bytes")
			.tag("writer", writer.name())
			.register(registry);
	}

	private static void bindSpool(Writer writer, MeterRegistry registry) {
		if (writer.spoolStats() == null) {
			return;
		}
		spool(writer, "disk", "Bytes that the spool takes on disk", "bytes", SpoolStats::diskBytes, registry);
		spool(writer, "max", "Bytes that the spool may take on disk", "bytes", SpoolStats::maxBytes, registry);
		spool(writer, "growth", "Bytes a second by which what waits in the spool grows", "bytes", SpoolStats::growth,
				registry);
		spool(writer, "oldest", "Age of the oldest record that is not known to be stored", "seconds",
				(stats) -> stats.oldest().toMillis() / 1000.0, registry);
		spool(writer, "adopted", "Logs of dead processes that are being stored", "logs", SpoolStats::adoptedLogs,
				registry);
		FunctionCounter.builder("observatory.storage.recovered", writer, (source) -> source.writeStats().recovered())
			.description("Accepted records that a log on disk had before, such as that of a dead process")
			.tag("writer", writer.name())
			.register(registry);
	}

	private static void spool(Writer writer, String name, String description, String unit,
			ToDoubleFunction<SpoolStats> value, MeterRegistry registry) {
		Gauge.builder("observatory.storage.spool." + name, writer, (source) -> spool(source, value))
			.description(description)
			.baseUnit(unit)
			.tag("writer", writer.name())
			.register(registry);
	}

	private static double spool(Writer writer, ToDoubleFunction<SpoolStats> value) {
		SpoolStats stats = writer.spoolStats();
		return (stats != null) ? value.applyAsDouble(stats) : 0;
	}

	private static void bindFlushes(Writer writer, MeterRegistry registry) {
		FunctionTimer
			.builder("observatory.storage.flush", writer, (source) -> source.writeStats().latency().count(),
					(source) -> source.writeStats().latency().total().toNanos(), TimeUnit.NANOSECONDS)
			.description("Time it takes to store a batch")
			.tag("writer", writer.name())
			.register(registry);
		quantile(writer, "0.5", FlushLatency::p50, registry);
		quantile(writer, "0.95", FlushLatency::p95, registry);
		quantile(writer, "0.99", FlushLatency::p99, registry);
	}

	private static void quantile(Writer writer, String quantile, Function<FlushLatency, Duration> value,
			MeterRegistry registry) {
		TimeGauge
			.builder("observatory.storage.flush.latency", writer, TimeUnit.NANOSECONDS,
					(source) -> value.apply(source.writeStats().latency()).toNanos())
			.description("Quantiles of the time it takes to store a batch")
			.tag("writer", writer.name())
			.tag("quantile", quantile)
			.register(registry);
	}

}
