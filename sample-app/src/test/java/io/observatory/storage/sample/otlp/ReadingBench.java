package io.observatory.storage.sample.otlp;

import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.observatory.storage.llm.dialect.Dialects;
import io.observatory.storage.llm.price.CallCost;
import io.observatory.storage.llm.price.PriceList;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.sample.intake.Request;
import io.observatory.storage.sample.intake.Requests;
import io.observatory.storage.sample.mapping.Origin;
import io.observatory.storage.sample.mapping.TraceMapping;
import io.observatory.storage.writer.ScoredBatch;
import io.observatory.storage.writer.TraceWriter;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * What it costs to read a request of 512 spans up to its rows: record by record, as the
 * intake does, beside the whole request as one tree of messages, as it once did. By
 * turns; the figures are medians of CPU time a record.
 */
public final class ReadingBench {

	private static final int SPANS = 512;

	private static final int REQUESTS_IN_A_ROUND = 60;

	private static final CallCost CALL_COST = new CallCost(PriceList.builtIn());

	private static final Pattern ID = Pattern.compile("(\"(?:traceId|spanId|parentSpanId)\":\")([^\"]+)");

	private ReadingBench() {
	}

	public static void main(String[] args) throws Exception {
		int rounds = Integer.getInteger("bench.rounds", 9);
		// nothing is written, so nothing connects
		try (TraceWriter writer = new TraceWriter(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/none"))) {
			TraceIntake intake = new TraceIntake(writer, PriceList.builtIn(), Clock.systemUTC());
			for (OtlpEncoding encoding : OtlpEncoding.values()) {
				byte[] body = withHexIds(encoding, encoding.write((Message) request()));
				compare(rounds, encoding + " of " + body.length / SPANS + " bytes a span",
						() -> asATree(writer, encoding, body), () -> recordByRecord(writer, intake, encoding, body));
			}
		}
	}

	/** The library writes ids in base64. */
	private static byte[] withHexIds(OtlpEncoding encoding, byte[] body) {
		if (encoding == OtlpEncoding.PROTOBUF) {
			return body;
		}
		return ID.matcher(new String(body, StandardCharsets.UTF_8))
			.replaceAll((id) -> id.group(1) + HexFormat.of().formatHex(Base64.getDecoder().decode(id.group(2))))
			.getBytes(StandardCharsets.UTF_8);
	}

	private static int recordByRecord(TraceWriter writer, TraceIntake intake, OtlpEncoding encoding, byte[] body) {
		try (Request request = Requests.open(); ScoredBatch<TraceSpan> batch = writer.newSpanBatch()) {
			EncodedMessage message = encoding.message(request, Requests.body(request, body), Signal.TRACES);
			intake.read(request, message, batch);
			return batch.rows();
		}
	}

	private static int asATree(TraceWriter writer, OtlpEncoding encoding, byte[] body) {
		try (ScoredBatch<TraceSpan> batch = writer.newSpanBatch()) {
			ExportTraceServiceRequest request = parse(encoding, body);
			List<TraceSpan> spans = new ArrayList<>();
			for (ResourceSpans resource : request.getResourceSpansList()) {
				for (ScopeSpans scope : resource.getScopeSpansList()) {
					Origin origin = Origin.of(resource.getResource()).scope(scope.getScope(), scope.getSchemaUrl());
					scope.getSpansList()
						.forEach((span) -> spans
							.add(CALL_COST.priceInPlace(Dialects.normalizeInPlace(TraceMapping.span(span, origin)))));
				}
			}
			spans.forEach(batch::add);
			return batch.rows();
		}
	}

	private static ExportTraceServiceRequest parse(OtlpEncoding encoding, byte[] body) {
		try {
			if (encoding == OtlpEncoding.PROTOBUF) {
				return ExportTraceServiceRequest.parseFrom(body);
			}
			ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
			JsonFormat.parser().ignoringUnknownFields().merge(withBase64Ids(body), request);
			return request.build();
		}
		catch (InvalidProtocolBufferException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** As it was: token by token. */
	private static String withBase64Ids(byte[] body) {
		StringWriter text = new StringWriter(body.length);
		try (JsonParser parser = JsonMapper.shared().createParser(body);
				JsonGenerator generator = JsonMapper.shared().createGenerator(text)) {
			for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
				if (token == JsonToken.VALUE_STRING && String.valueOf(parser.currentName()).endsWith("Id")) {
					generator
						.writeString(Base64.getEncoder().encodeToString(HexFormat.of().parseHex(parser.getString())));
				}
				else {
					generator.copyCurrentEvent(parser);
				}
			}
		}
		return text.toString();
	}

	private static void compare(int rounds, String what, Supplier<Integer> before, Supplier<Integer> now) {
		double[] beforeMicros = new double[rounds];
		double[] nowMicros = new double[rounds];
		double[] ratios = new double[rounds];
		for (int i = -2; i < rounds; i++) {
			double tree = microsPerRecord(before);
			double records = microsPerRecord(now);
			if (i >= 0) {
				beforeMicros[i] = tree;
				nowMicros[i] = records;
				ratios[i] = records / tree;
			}
		}
		System.out.printf("%-32s as a tree %6.2f µs, record by record %6.2f µs, ratio %4.2f (%4.2f to %4.2f)%n", what,
				median(beforeMicros), median(nowMicros), median(ratios), Arrays.stream(ratios).min().orElse(0),
				Arrays.stream(ratios).max().orElse(0));
	}

	private static double microsPerRecord(Supplier<Integer> read) {
		long begun = cpuNanos();
		for (int i = 0; i < REQUESTS_IN_A_ROUND; i++) {
			int rows = read.get();
			if (rows != SPANS) {
				throw new IllegalStateException(rows + " rows");
			}
		}
		return (cpuNanos() - begun) / 1000.0 / REQUESTS_IN_A_ROUND / SPANS;
	}

	private static long cpuNanos() {
		return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
	}

	private static double median(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[sorted.length / 2];
	}

	/** A span as an HTTP client or a small LLM call has it. */
	private static ExportTraceServiceRequest request() {
		ScopeSpans.Builder spans = ScopeSpans.newBuilder();
		long now = System.currentTimeMillis() * 1_000_000;
		for (int i = 0; i < SPANS; i++) {
			Span.Builder span = Span.newBuilder()
				.setTraceId(id(16))
				.setSpanId(id(8))
				.setParentSpanId(id(8))
				.setName("chat gpt-4o")
				.setKind(Span.SpanKind.SPAN_KIND_CLIENT)
				.setStartTimeUnixNano(now)
				.setEndTimeUnixNano(now + 1_000_000 * i);
			attributes().forEach((key, value) -> span.addAttributes(attribute(key, value)));
			spans.addSpans(span);
		}
		return ExportTraceServiceRequest.newBuilder()
			.addResourceSpans(ResourceSpans.newBuilder()
				.setResource(Resource.newBuilder().addAttributes(attribute("service.name", "bench")))
				.addScopeSpans(spans))
			.build();
	}

	private static Map<String, String> attributes() {
		return Map.of("gen_ai.operation.name", "chat", "gen_ai.provider.name", "openai", "gen_ai.request.model",
				"gpt-4o", "gen_ai.usage.input_tokens", "117", "gen_ai.usage.output_tokens", "61", "server.address",
				"api.openai.com", "http.request.method", "POST", "url.full",
				"https://api.openai.com/v1/chat/completions", "gen_ai.input.messages",
				"why is the sky blue? ".repeat(20));
	}

	private static KeyValue attribute(String key, String value) {
		return KeyValue.newBuilder().setKey(key).setValue(AnyValue.newBuilder().setStringValue(value)).build();
	}

	private static ByteString id(int length) {
		byte[] id = new byte[length];
		ThreadLocalRandom.current().nextBytes(id);
		return ByteString.copyFrom(id);
	}

}
