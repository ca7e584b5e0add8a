package io.observatory.storage.bench;

import java.lang.reflect.Constructor;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.observatory.storage.model.LogRecord;
import io.observatory.storage.redact.MaskingRedactor;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;

/**
 * What {@link EarlierVersionBench} measures, each with a name: a hundred records of one
 * kind of text are masked, or a hundred metrics with one data point each are mapped. Uses
 * only what earlier versions have, too.
 */
public final class MeasuredWork implements Supplier<Map<String, Runnable>> {

	private static final int RECORDS = 100;

	private final MaskingRedactor redactor = new MaskingRedactor();

	/** So that nothing is left out because nobody needs it. */
	private volatile Object result = this;

	@Override
	public Map<String, Runnable> get() {
		Map<String, Runnable> work = new LinkedHashMap<>();
		work.put("mask 1 MB of conversation", mask(1, (i) -> conversation(2_600)));
		work.put("mask a short conversation", mask(RECORDS, (i) -> conversation(4)));
		work.put("mask small JSON", mask(RECORDS, (i) -> "{\"city\":\"Oslo\",\"days\":" + i + ",\"unit\":\"C\"}"));
		work.put("mask prose", mask(RECORDS, (i) -> PROSE.repeat(10)));
		work.put("mask log lines",
				mask(RECORDS, (i) -> "Completed request " + i + " in 482 ms, path=/v1/items/" + i + ", status: 200"));
		work.put("mask base64", mask(RECORDS, (i) -> base64(3_000, i)));
		work.put("mask lines in brackets", mask(RECORDS, (i) -> "[main] Started worker " + i
				+ " of the pool after 12 ms (queue is empty, 4 threads wait)".concat("]")));
		work.put("mask records of one word", mask(RECORDS, (i) -> "ready"));
		work.put("mask code", mask(RECORDS, (i) -> CODE.repeat(5)));
		work.put("map metrics of one point", mapMetrics());
		return work;
	}

	private static final String PROSE = "The observatory was built on a hill, since the light of the town below is weak "
			+ "there. Visitors may come on Fridays; the guide explains how a mirror gathers light. ";

	private static final String CODE = """
			for (Order order : orders) {
				if (order.total() > limit && !order.isPaid()) {
					reminders.add(new Reminder(order.id(), order.customer(), "total: " + order.total()));
				}
			}
			""";

	private Runnable mask(int records, IntFunction<String> text) {
		List<LogRecord> logs = IntStream.range(0, records).mapToObj((i) -> log(text.apply(i))).toList();
		return () -> {
			for (LogRecord log : logs) {
				this.result = this.redactor.redact(log);
			}
		};
	}

	private static LogRecord log(String body) {
		return LogRecord.builder()
			.timestamp(Instant.EPOCH)
			.observedTimestamp(Instant.EPOCH)
			.severityNumber(9)
			.serviceName("orders")
			.body(body)
			.build();
	}

	private static String conversation(int turns) {
		StringBuilder json = new StringBuilder("[");
		for (int i = 0; i < turns; i++) {
			json.append((i == 0) ? "" : ",")
				.append("{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"")
				.append(PROSE)
				.append("\\nWhat does it cost? ")
				.append(i)
				.append("\"}],\"finish_reason\":\"stop\"},")
				.append("{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"It is free.\"}]}");
		}
		return json.append("]").toString();
	}

	private static String base64(int bytes, int seed) {
		byte[] random = new byte[bytes];
		new Random(seed).nextBytes(random);
		return Base64.getEncoder().encodeToString(random);
	}

	private Runnable mapMetrics() {
		Collection<MetricData> metrics = metrics();
		try {
			Constructor<?> mapping = Class.forName("io.observatory.storage.capture.opentelemetry.MetricMapping")
				.getDeclaredConstructor(Collection.class);
			mapping.setAccessible(true);
			return () -> this.result = map(mapping, metrics);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Object map(Constructor<?> mapping, Collection<MetricData> metrics) {
		try {
			return mapping.newInstance(metrics);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Collection<MetricData> metrics() {
		InMemoryMetricReader reader = InMemoryMetricReader.create();
		try (SdkMeterProvider provider = SdkMeterProvider.builder().registerMetricReader(reader).build()) {
			Meter meter = provider.get("bench");
			for (int i = 0; i < RECORDS; i++) {
				meter.counterBuilder("http.server.requests.of.route." + i).setUnit("{request}").build().add(1);
			}
			return reader.collectAllMetrics();
		}
	}

}
