package io.observatory.storage.sample.it;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import com.google.protobuf.CodedInputStream;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * OTLP/HTTP beyond what an SDK does: JSON, bad records, garbage, too much. And the
 * application's other endpoints.
 */
class OtlpReceiverIT {

	private static final String PROTOBUF = "application/x-protobuf";

	private static final String JSON = "application/json";

	private static final int MAX_BODY = 64 * 1024 * 1024;

	private static final int BUFFER_ROWS = 50;

	private static final String ORIGIN = "https://shop.example";

	private static final String SECRET = "what nobody may read in a log";

	@TempDir
	private static Path directory;

	private static TestDatabase database;

	private static SampleProcess sample;

	@BeforeAll
	static void start() {
		database = TestDatabase.create();
		sample = SampleProcess.start(directory,
				database.arguments("--observatory.storage.logs.max-buffer-rows=" + BUFFER_ROWS,
						"--sample.intake.allowed-origins=" + ORIGIN));
	}

	@AfterAll
	static void stop() {
		try (SampleProcess ended = sample) {
			assertThat(ended.log()).doesNotContain(SECRET);
		}
	}

	private static HttpResponse<byte[]> postJson(String path, String json) {
		return sample.post(path, JSON, json.getBytes(StandardCharsets.UTF_8));
	}

	private static JsonNode json(HttpResponse<byte[]> response) {
		assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith(JSON);
		return JsonMapper.shared().readTree(response.body());
	}

	private static long count(String table, String condition, Object... arguments) {
		sample.flush();
		return database.jdbc()
			.queryForObject("SELECT count(*) FROM observatory." + table + " WHERE " + condition, Long.class, arguments);
	}

	@Test
	void jsonTraces() {
		HttpResponse<byte[]> response = postJson("/v1/traces",
				"""
						{"resourceSpans": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "json"}}]},
						  "scopeSpans": [{"scope": {"name": "lib"}, "spans": [{
						    "traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "EEE19B7EC3C1B174",
						    "parentSpanId": "EEE19B7EC3C1B173", "name": "I'm a server span", "kind": 2,
						    "startTimeUnixNano": "1544712660000000000", "endTimeUnixNano": "1544712661000000000",
						    "attributes": [{"key": "n", "value": {"intValue": "42"}}],
						    "links": [{"traceId": "5B8EFFF798038103D269B633813FC60D", "spanId": "EEE19B7EC3C1B175"}],
						    "status": {"code": "STATUS_CODE_ERROR", "message": "m"}, "notYetKnown": {"traceId": "00"}}]}]}]}
						""");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(json(response)).isEmpty();
		assertThat(count("trace_spans",
				"""
						span_id = 'eee19b7ec3c1b174' AND trace_id = '5b8efff7-9803-8103-d269-b633813fc60c'
						AND parent_span_id = 'eee19b7ec3c1b173' AND kind = 'server' AND status = 'error' AND status_message = 'm'
						AND service_name = 'json' AND start_time = '2018-12-13T14:51:00Z' AND duration_us = 1000000
						AND attributes = '{"n": 42, "otel.scope": {"name": "lib"}, "otel.resource": {"service.name": "json"}}'
						AND links = '[{"trace_id": "5b8efff798038103d269b633813fc60d", "span_id": "eee19b7ec3c1b175",
						              "attributes": {}}]'"""))
			.isEqualTo(1);
	}

	@Test
	void jsonMetrics() {
		HttpResponse<byte[]> response = postJson("/v1/metrics", """
				{"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": "json.sum", "unit": "1", "sum": {
				  "aggregationTemporality": 2, "isMonotonic": true, "dataPoints": [{"asInt": "5",
				    "startTimeUnixNano": "1544712660000000000", "timeUnixNano": "1544712661000000000",
				    "exemplars": [{"asDouble": 0.5, "timeUnixNano": "1544712660500000000",
				      "traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174"}]}]}}]}]}]}
				""");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(count("metrics m JOIN observatory.metric_data_points p ON p.metric_id = m.id",
				"""
						m.name = 'json.sum' AND m.service_name = 'unknown_service' AND m.metric_type = 'counter' AND p.value = 5
						AND m.attributes = '{"otel.temporality": "cumulative", "otel.monotonic": true}'
						AND p.attributes = '{"otel.start_time": "2018-12-13T14:51:00Z"}'
						AND p.exemplars = '[{"value": 0.5, "timestamp": "2018-12-13T14:51:00.500Z",
						                     "trace_id": "5b8efff798038103d269b633813fc60c", "span_id": "eee19b7ec3c1b174"}]'"""))
			.isEqualTo(1);
	}

	@Test
	void jsonLogsGzipped() {
		byte[] body = """
				{"resourceLogs": [{"scopeLogs": [{"logRecords": [{"timeUnixNano": "1544712660300000000",
				  "severityNumber": "SEVERITY_NUMBER_WARN", "body": {"stringValue": "json log"},
				  "traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174", "flags": 1}]}]}]}
				""".getBytes(StandardCharsets.UTF_8);
		HttpResponse<byte[]> response = sample.send(sample.request("/v1/logs")
			.header("Content-Type", JSON)
			.header("Content-Encoding", "gzip")
			.POST(BodyPublishers.ofByteArray(OtlpLogs.gzip(body))));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(count("logs", """
				body = 'json log' AND severity_number = 13 AND trace_id = '5b8efff798038103d269b633813fc60c'
				AND span_id = 'eee19b7ec3c1b174' AND trace_flags = 1 AND timestamp = '2018-12-13T14:51:00.3Z'"""))
			.isEqualTo(1);
	}

	@Test
	void badSpansAreCountedAndTheOthersStored() {
		HttpResponse<byte[]> response = postJson("/v1/traces", """
				{"resourceSpans": [{"scopeSpans": [{"spans": [
				  {"traceId": "000000000000000000000000000000aa", "spanId": "00000000000000aa", "name": "good",
				   "startTimeUnixNano": 1544712660000000000},
				  {"traceId": "00000000000000000000000000000000", "spanId": "00000000000000ab", "name": "zero",
				   "startTimeUnixNano": 1544712660000000000},
				  {"traceId": "000000000000000000000000000000aa", "spanId": "00000000000000ad", "name": "future",
				   "startTimeUnixNano": 15447126600000000000}]}]}]}
				""");
		assertThat(response.statusCode()).isEqualTo(200);
		JsonNode partial = json(response).get("partialSuccess");
		assertThat(partial.get("rejectedSpans").asString()).isEqualTo("2");
		assertThat(partial.get("errorMessage").asString()).contains("Span.trace_id: must be 16 bytes, not all zero")
			.contains("TraceSpan.startTime: ");
		assertThat(count("trace_spans", "span_id LIKE '00000000000000a_'")).isEqualTo(1);
	}

	@Test
	void badLogsAreCountedAndTheOthersStored() throws Exception {
		byte[] body = OtlpLogs.request(List.of(OtlpLogs.log("partial " + SECRET).build(),
				OtlpLogs.log("partial " + SECRET).setTimeUnixNano(-1).build(),
				OtlpLogs.log("partial " + SECRET).build()));
		HttpResponse<byte[]> response = sample.post("/v1/logs", PROTOBUF, body);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).contains(PROTOBUF);
		var partial = ExportLogsServiceResponse.parseFrom(response.body()).getPartialSuccess();
		assertThat(partial.getRejectedLogRecords()).isEqualTo(1);
		assertThat(partial.getErrorMessage()).startsWith("LogRecord.timestamp: ").doesNotContain(SECRET);
		assertThat(count("logs", "body = ?", "partial " + SECRET)).isEqualTo(2);
	}

	@Test
	void badPointsAndPointsOfABadMetricAreCountedAndTheOthersStored() throws Exception {
		NumberDataPoint good = NumberDataPoint.newBuilder().setTimeUnixNano(1).setAsInt(1).build();
		NumberDataPoint future = NumberDataPoint.newBuilder().setTimeUnixNano(-1).setAsInt(1).build();
		byte[] body = ExportMetricsServiceRequest.newBuilder()
			.addResourceMetrics(ResourceMetrics.newBuilder()
				.addScopeMetrics(ScopeMetrics.newBuilder()
					.addMetrics(Metric.newBuilder()
						.setName("partial")
						.setGauge(Gauge.newBuilder().addDataPoints(good).addDataPoints(future)))
					.addMetrics(Metric.newBuilder()
						.setName("x".repeat(300))
						.setGauge(Gauge.newBuilder().addDataPoints(good).addDataPoints(good)))))
			.build()
			.toByteArray();
		HttpResponse<byte[]> response = sample.post("/v1/metrics", PROTOBUF, body);
		assertThat(response.statusCode()).isEqualTo(200);
		var partial = ExportMetricsServiceResponse.parseFrom(response.body()).getPartialSuccess();
		assertThat(partial.getRejectedDataPoints()).isEqualTo(3);
		assertThat(partial.getErrorMessage()).contains("MetricDataPoint.timestamp: ").contains("Metric.name: ");
		assertThat(count("metrics m JOIN observatory.metric_data_points p ON p.metric_id = m.id",
				"m.name IN ('partial', ?)", "x".repeat(300)))
			.isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1/traces", "/v1/metrics", "/v1/logs" })
	void garbageIs400(String path) throws Exception {
		byte[] garbage = ("garbage, " + SECRET).getBytes(StandardCharsets.UTF_8);
		HttpResponse<byte[]> protobuf = sample.post(path, PROTOBUF, garbage);
		assertThat(protobuf.statusCode()).isEqualTo(400);
		assertThat(protobuf.headers().firstValue("Content-Type")).contains(PROTOBUF);
		CodedInputStream status = CodedInputStream.newInstance(protobuf.body());
		assertThat(List.of(status.readTag(), status.readInt32())).as("code").containsExactly(8, 3);
		assertThat(status.readTag()).as("message").isEqualTo(18);
		assertThat(status.readString()).startsWith("The body is not valid protobuf").doesNotContain(SECRET);

		HttpResponse<byte[]> json = sample.post(path, JSON, garbage);
		assertThat(json.statusCode()).isEqualTo(400);
		assertThat(json(json).get("code").asInt()).isEqualTo(3);
		assertThat(json(json).get("message").asString()).doesNotContain(SECRET);
	}

	@Test
	void otherEncodingsAre415AndOtherMethods405() {
		byte[] body = OtlpLogs.request("x");
		assertThat(sample.post("/v1/logs", "text/plain", body).statusCode()).isEqualTo(415);
		assertThat(sample.send(sample.request("/v1/logs").POST(BodyPublishers.ofByteArray(body))).statusCode())
			.isEqualTo(415);
		assertThat(sample
			.send(sample.request("/v1/logs")
				.header("Content-Type", PROTOBUF)
				.header("Content-Encoding", "br")
				.POST(BodyPublishers.ofByteArray(body)))
			.statusCode()).isEqualTo(415);
		assertThat(sample.send(sample.request("/v1/logs").GET()).statusCode()).isEqualTo(405);
	}

	@Test
	void tooLargeIs413BeforeAndAfterDecompression() {
		assertThat(sample.post("/v1/logs", PROTOBUF, new byte[MAX_BODY + 1]).statusCode()).isEqualTo(413);
		assertThat(sample
			.send(sample.request("/v1/logs")
				.header("Content-Type", PROTOBUF)
				.header("Content-Encoding", "gzip")
				.POST(BodyPublishers.ofByteArray(OtlpLogs.gzip(new byte[MAX_BODY + 1]))))
			.statusCode()).isEqualTo(413);
	}

	@Test
	void pagesOfAnAllowedOriginMaySendFromABrowser() {
		HttpResponse<byte[]> preflight = preflight(ORIGIN);
		assertThat(preflight.statusCode()).isEqualTo(200);
		assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin")).contains(ORIGIN);
		HttpResponse<byte[]> sent = sample.send(sample.request("/v1/logs")
			.header("Origin", ORIGIN)
			.header("Content-Type", PROTOBUF)
			.POST(BodyPublishers.ofByteArray(OtlpLogs.request("from a browser"))));
		assertThat(sent.statusCode()).isEqualTo(200);
		assertThat(sent.headers().firstValue("Access-Control-Allow-Origin")).contains(ORIGIN);
		assertThat(preflight("https://elsewhere.example").statusCode()).isEqualTo(403);
	}

	private static HttpResponse<byte[]> preflight(String origin) {
		return sample.send(sample.request("/v1/logs")
			.header("Origin", origin)
			.header("Access-Control-Request-Method", "POST")
			.header("Access-Control-Request-Headers", "content-type")
			.method("OPTIONS", BodyPublishers.noBody()));
	}

	@Test
	void theSdksOfLangfuseFindTheirPath() {
		assertThat(sample.post("/api/public/otel/v1/traces", PROTOBUF, new byte[0]).statusCode()).isEqualTo(200);
	}

	@Test
	void fullIs503WithRetryAfterAndNothingTaken() throws Exception {
		List<String> taken = new ArrayList<>();
		List<String> refused = new ArrayList<>();
		try (Connection connection = DriverManager.getConnection(database.url())) {
			connection.setAutoCommit(false);
			try (Statement statement = connection.createStatement()) {
				statement.execute("LOCK TABLE observatory.logs IN ACCESS EXCLUSIVE MODE");
			}
			for (int i = 0; i < 2 * BUFFER_ROWS / 10; i++) {
				String marker = "full " + i + " ";
				HttpResponse<byte[]> response = sample.post("/v1/logs", PROTOBUF, tenLogs(marker));
				(response.statusCode() == 200 ? taken : refused).add(marker);
				if (response.statusCode() != 200) {
					assertThat(response.statusCode()).isEqualTo(503);
					assertThat(response.headers().firstValueAsLong("Retry-After")).hasValue(3);
				}
			}
			connection.rollback();
		}
		assertThat(taken).hasSize(BUFFER_ROWS / 10);
		assertThat(refused).isNotEmpty();
		awaitFlush();
		taken.forEach((marker) -> assertThat(count("logs", "body LIKE ?", marker + "%")).as(marker).isEqualTo(10));
		refused.forEach((marker) -> assertThat(count("logs", "body LIKE ?", marker + "%")).as(marker).isZero());
		assertThat(sample.post("/v1/logs", PROTOBUF, tenLogs("room again ")).statusCode()).isEqualTo(200);
	}

	private static byte[] tenLogs(String marker) {
		return OtlpLogs.request(IntStream.range(0, 10).mapToObj((i) -> marker + i).toArray(String[]::new));
	}

	private static void awaitFlush() {
		await().atMost(Duration.ofMinutes(1))
			.until(() -> sample.get("/api/stats").get("writers").get("logs").get("buffer").get("rows").asLong() == 0
					&& sample.get("/api/stats")
						.get("writers")
						.get("logs")
						.get("buffer")
						.get("inFlightRows")
						.asLong() == 0);
	}

	@Test
	void llmSpans() {
		String one = """
				{"traceId": "%s", "spanId": "%s", "name": "chat gpt-4o", "serviceName": "llm", "provider": "openai",
				 "model": "gpt-4o", "input": {"prompt": "%s"}, "output": {"content": "hello", "finishReason": "stop"},
				 "usage": {"prompt": 3, "completion": 4}, "cost": {"amount": 0.25},
				 "latency": {"start": "2025-03-04T05:06:07Z", "totalMs": 1500}}""";
		String first = one.formatted("000000000000000000000000000000b1", "00000000000000b1", SECRET);
		String second = one.formatted("000000000000000000000000000000b2", "00000000000000b2", SECRET);
		assertThat(postJson("/api/llm-spans", first).statusCode()).isEqualTo(202);
		HttpResponse<byte[]> response = postJson("/api/llm-spans", "[" + second + "," + first + "]");
		assertThat(json(response).get("accepted").asInt()).isEqualTo(2);
		assertThat(count("trace_spans", """
				service_name = 'llm' AND status = 'ok' AND duration_us = 1500000
				AND attributes -> 'llm.input' ->> 'prompt' = ? AND attributes ->> 'gen_ai.usage.input_tokens' = '3'
				AND (attributes ->> 'llm.cost.amount_usd')::numeric = 0.25""", SECRET)).isEqualTo(2);
	}

	@Test
	void aBadLlmSpanIs400AndNamesTheFieldAndNothingIsTaken() {
		HttpResponse<byte[]> response = postJson("/api/llm-spans", """
				[{"traceId": "t", "spanId": "good but not alone", "name": "n", "provider": "p", "model": "m",
				  "input": {"prompt": "hi"}, "latency": {"start": "2025-03-04T05:06:07Z", "totalMs": 1}},
				 {"traceId": "t", "spanId": "s", "name": "%s", "provider": "p", "input": {"prompt": "hi"},
				  "latency": {"start": "2025-03-04T05:06:07Z", "totalMs": 1}}]""".formatted(SECRET));
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(json(response).get("error").asString()).isEqualTo("Not a valid LLM span: [1].model is required");
		assertThat(count("trace_spans", "span_id = 'good but not alone'")).isZero();
		HttpResponse<byte[]> refusedByTheWriter = postJson("/api/llm-spans", """
				{"traceId": "", "spanId": "s", "name": "n", "provider": "p", "model": "m", "input": {"prompt": "hi"},
				 "latency": {"start": "2025-03-04T05:06:07Z", "totalMs": 1}}""");
		assertThat(refusedByTheWriter.statusCode()).isEqualTo(400);
		assertThat(json(refusedByTheWriter).get("error").asString()).startsWith("Not stored: [0] TraceSpan.traceId: ");
		assertThat(sample.post("/api/llm-spans", "text/plain", new byte[0]).statusCode()).isEqualTo(415);
	}

	@Test
	void scores() {
		String trace = "0af7651916cd43dd8448eb211c80aaaa";
		assertThat(postJson("/api/scores", """
				{"traceId": "%s", "name": "helpful", "value": false, "comment": "Wrong town."}""".formatted(trace))
			.statusCode()).isEqualTo(202);
		HttpResponse<byte[]> several = postJson("/api/scores", """
				[{"traceId": "%1$s", "spanId": "b7ad6b7169203331", "name": "correct", "value": 4, "source": "reviewer",
				  "timestamp": "%2$s", "serviceName": "desk"},
				 {"traceId": "%1$s", "name": "helpful", "value": true, "timestamp": "%2$s"},
				 {"conversationId": "c-scored", "name": "mood", "value": "good", "source": "EVALUATION"}]"""
			.formatted(trace, Instant.now().minusSeconds(60)));
		assertThat(several.statusCode()).isEqualTo(202);
		assertThat(json(several).get("accepted").asLong()).isEqualTo(3);
		sample.flush();
		assertThat(database.jdbc()
			.queryForList(
					"SELECT concat_ws(' ', name, source, value, label, comment, service_name) FROM observatory.scores"
							+ " WHERE trace_id = ? OR conversation_id = 'c-scored' ORDER BY name",
					String.class, trace))
			.containsExactly("correct reviewer 4 desk", "helpful user 0 false Wrong town. unknown_service",
					"mood evaluation good unknown_service");
	}

	@Test
	void aScoreThatIsNoneIsRefusedWithAllOfItsRequest() {
		assertThat(refused("""
				[{"traceId": "t", "name": "n", "value": 1}, {"traceId": "t", "value": 1}]"""))
			.isEqualTo("Not a valid score: [1].name is required");
		assertThat(refused("{\"traceId\": \"t\", \"name\": \"n\", \"value\": [1]}"))
			.isEqualTo("Not a valid score: [0].value must be a number, a text, true or false");
		assertThat(refused("{\"traceId\": \"t\", \"name\": \"n\", \"valeu\": 1}"))
			.isEqualTo("Not a valid score: [0].valeu is not as it should be");
		assertThat(refused("{\"traceId\": \"t\", \"name\": \"n\"}"))
			.isEqualTo("Not stored: [0] Score.value: must be given, or else a label");
		assertThat(refused("{\"name\": \"n\", \"value\": 1}"))
			.startsWith("Not stored: [0] Score.traceId: must be given");
		assertThat(
				refused("{\"traceId\": \"t\", \"name\": \"n\", \"value\": 1, \"timestamp\": \"1900-01-01T00:00:00Z\"}"))
			.startsWith("Not stored: [0] Score.timestamp: must lie between");
		assertThat(count("scores", "trace_id = 't'")).isZero();
		assertThat(sample.post("/api/scores", "text/plain", new byte[0]).statusCode()).isEqualTo(415);
	}

	private static String refused(String body) {
		HttpResponse<byte[]> response = postJson("/api/scores", body);
		assertThat(response.statusCode()).isEqualTo(400);
		return json(response).get("error").asString();
	}

	@Test
	void statsCountEachTable() {
		JsonNode before = sample.get("/api/stats").get("tables");
		assertThat(before.propertyNames()).containsExactly("traces", "trace_spans", "trace_events", "metrics",
				"metric_data_points", "logs", "scores");
		sample.post("/v1/logs", PROTOBUF, OtlpLogs.request("counted", "counted"));
		assertThat(count("logs", "body = 'counted'")).isEqualTo(2);
		await().untilAsserted(() -> assertThat(sample.get("/api/stats").get("tables").get("logs").asLong())
			.isEqualTo(count("logs", "true")));
		assertThat(sample.get("/api/stats").get("writers").propertyNames()).containsExactly("logs", "metrics",
				"traces");
	}

	@Test
	void aPageSaysWhereToSend() {
		HttpResponse<byte[]> response = sample.send(sample.request("/send").header("Accept", "text/html").GET());
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("/v1/traces", "/api/stats",
				"/actuator/observatory", "http://127.0.0.1:" + sample.grpcPort());
	}

	@Test
	void theActuatorListsWhatTheSampleIsMadeOf() {
		assumeTrue(new ClassPathResource("META-INF/sbom/application.cdx.json").exists(),
				"Maven makes no bill of materials offline");
		assertThat(sample.get("/actuator/sbom/application").at("/metadata/component/name").asString())
			.isEqualTo("sample-app");
	}

	@Test
	void theActuatorIsThereAndDoesNotSeeWhatIsTaken() {
		sample.post("/v1/logs", PROTOBUF, OtlpLogs.request("not observed"));
		sample.get("/actuator/info");
		assertThat(sample.get("/actuator/health").get("components").has("observatory")).isTrue();
		assertThat(sample.get("/actuator/observatory").has("writers")).isTrue();
		assertThat(sample.get("/actuator/metrics").get("names").valueStream().map(JsonNode::asString))
			.anyMatch((name) -> name.startsWith("observatory.storage."));
		List<String> uris = sample.get("/actuator/metrics/http.server.requests")
			.get("availableTags")
			.valueStream()
			.filter((tag) -> tag.get("tag").asString().equals("uri"))
			.flatMap((tag) -> tag.get("values").valueStream())
			.map(JsonNode::asString)
			.toList();
		assertThat(uris).contains("/actuator/info").noneMatch((uri) -> uri.startsWith("/v1") || uri.startsWith("/api"));
	}

}
