package io.observatory.storage.capture.ai;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * OpenAI's chat completions and Anthropic's messages as their references describe them,
 * answered by itself, in JSON and as server-sent events. Keeps a log of what it answered,
 * which is what the database is to say, too.
 * <p>
 * A question says how it is answered: see the constants. With tools, each question is
 * answered after two rounds of them.
 */
final class FakeProviders implements AutoCloseable {

	static final String OPENAI_MODEL = "gpt-4.1-2025-04-14";

	static final String ANTHROPIC_MODEL = "claude-sonnet-4-5-20250929";

	/** Asks for an error of this status, which follows. */
	static final String STATUS = "answer with status ";

	/** Asks for an answer that is cut off. */
	static final String LONG = "answer without an end";

	/** Asks for an answer that never comes. */
	static final String SILENCE = "answer with silence";

	/** Asks for a stream that goes on for ever. */
	static final String ENDLESS = "answer for ever";

	/** Asks for a stream that breaks off. */
	static final String BREAK = "answer and break off";

	private static final int ROUNDS_OF_TOOLS = 2;

	private final HttpServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final CountDownLatch closed = new CountDownLatch(1);

	private final AtomicInteger number = new AtomicInteger();

	private final List<Answered> log = new CopyOnWriteArrayList<>();

	FakeProviders() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(this.threads);
		this.server.createContext("/v1/chat/completions", (exchange) -> answer(exchange, new OpenAiWire()));
		this.server.createContext("/v1/messages", (exchange) -> answer(exchange, new AnthropicWire()));
		this.server.start();
	}

	String url() {
		return "http://localhost:" + this.server.getAddress().getPort();
	}

	/** What was answered since this was asked last. */
	List<Answered> takeLog() {
		List<Answered> taken = List.copyOf(this.log);
		this.log.clear();
		return taken;
	}

	private void answer(HttpExchange exchange, Wire wire) throws IOException {
		try (exchange) {
			JsonNode request = JsonMapper.shared().readTree(exchange.getRequestBody());
			String asked = request.path("messages").toString();
			if (asked.contains(STATUS)) {
				fail(exchange, wire, asked.substring(asked.indexOf(STATUS) + STATUS.length()).substring(0, 3));
			}
			else {
				answer(exchange, wire, request, asked);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void answer(HttpExchange exchange, Wire wire, JsonNode request, String asked)
			throws IOException, InterruptedException {
		boolean streamed = request.path("stream").asBoolean(false);
		boolean tool = request.has("tools") && wire.toolResults(asked) < ROUNDS_OF_TOOLS;
		Answered answered = wire.answered(this.number.incrementAndGet(), streamed, tool, asked.contains(LONG));
		if (asked.contains(SILENCE)) {
			this.closed.await();
		}
		else if (asked.contains(ENDLESS)) {
			endless(exchange, wire.events(answered, false));
		}
		else if (asked.contains(BREAK)) {
			breakOff(exchange, wire.events(answered, false));
		}
		else {
			this.log.add(answered);
			send(exchange, 200, streamed ? "text/event-stream" : "application/json",
					streamed ? String.join("", wire.events(answered, tool)) : wire.body(answered, tool));
		}
	}

	private void endless(HttpExchange exchange, List<String> events) throws IOException, InterruptedException {
		OutputStream body = start(exchange, 0);
		write(body, events.get(0) + events.get(1));
		while (!this.closed.await(10, TimeUnit.MILLISECONDS)) {
			write(body, events.get(2));
		}
	}

	/** Ends before what it said is the length. */
	private static void breakOff(HttpExchange exchange, List<String> events) throws IOException {
		write(start(exchange, 1_000_000), String.join("", events.subList(0, 3)));
	}

	private static OutputStream start(HttpExchange exchange, long length) throws IOException {
		exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
		exchange.sendResponseHeaders(200, length);
		return exchange.getResponseBody();
	}

	private static void write(OutputStream body, String events) throws IOException {
		body.write(events.getBytes(StandardCharsets.UTF_8));
		body.flush();
	}

	private void fail(HttpExchange exchange, Wire wire, String status) throws IOException {
		this.log.add(Answered.failure(wire.provider(), Integer.parseInt(status)));
		send(exchange, Integer.parseInt(status), "application/json", wire.error());
	}

	private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", type);
		exchange.sendResponseHeaders(status, bytes.length);
		exchange.getResponseBody().write(bytes);
	}

	@Override
	public void close() {
		this.closed.countDown();
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	/**
	 * An answer, counted as OpenTelemetry's convention does: the input's tokens include
	 * those of the cache, the output's those of reasoning.
	 */
	record Answered(String provider, int status, @Nullable String id, @Nullable String model, boolean streamed,
			@Nullable Long input, @Nullable Long output, @Nullable Long cacheRead, @Nullable Long cacheWrite,
			@Nullable Long reasoning, @Nullable String finishReason) {

		static Answered failure(String provider, int status) {
			return new Answered(provider, status, null, null, false, null, null, null, null, null, null);
		}

		/** Numbers of which no two are alike. */
		static Answered success(String provider, String id, String model, int number, boolean streamed,
				String finishReason) {
			return new Answered(provider, 200, id, model, streamed, 20_000L + number, 1_000L + number, 9_000L + number,
					4_000L + number, 300L + number, finishReason);
		}

	}

	/** What a provider's answers look like. */
	private interface Wire {

		String TEXT = "It is sunny in Rome.";

		String ARGUMENTS = "{\\\"city\\\":\\\"Rome\\\"}";

		String provider();

		int toolResults(String messages);

		Answered answered(int number, boolean streamed, boolean tool, boolean cut);

		String body(Answered answered, boolean tool);

		List<String> events(Answered answered, boolean tool);

		String error();

		static int count(String text, String part) {
			return text.split(Pattern.quote(part), -1).length - 1;
		}

	}

	/** OpenAI counts what is cached among the tokens of the prompt. */
	private static final class OpenAiWire implements Wire {

		@Override
		public String provider() {
			return "openai";
		}

		@Override
		public int toolResults(String messages) {
			return Wire.count(messages, "\"role\":\"tool\"");
		}

		@Override
		public Answered answered(int number, boolean streamed, boolean tool, boolean cut) {
			return Answered.success("openai", "chatcmpl-" + number, OPENAI_MODEL, number, streamed,
					tool ? "tool_calls" : cut ? "length" : "stop");
		}

		private static String usage(Answered answered) {
			return """
					{"prompt_tokens": %d, "completion_tokens": %d, "total_tokens": %d,
					 "prompt_tokens_details": {"cached_tokens": %d, "cache_write_tokens": %d, "audio_tokens": 0},
					 "completion_tokens_details": {"reasoning_tokens": %d, "audio_tokens": 0,
					  "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0}}
					""".formatted(answered.input(), answered.output(), answered.input() + answered.output(),
					answered.cacheRead(), answered.cacheWrite(), answered.reasoning());
		}

		private static String toolCall(Answered answered) {
			return """
					[{"index": 0, "id": "call-%s", "type": "function",
					  "function": {"name": "weather", "arguments": "%s"}}]
					""".formatted(answered.id(), ARGUMENTS);
		}

		@Override
		public String body(Answered answered, boolean tool) {
			return """
					{"id": "%s", "object": "chat.completion", "created": 1700000000, "model": "%s",
					 "choices": [{"index": 0, "logprobs": null, "finish_reason": "%s",
					   "message": {"role": "assistant", "refusal": null, %s}}],
					 "usage": %s}
					""".formatted(answered.id(), answered.model(), answered.finishReason(),
					tool ? "\"content\": null, \"tool_calls\": " + toolCall(answered) : "\"content\": \"" + TEXT + "\"",
					usage(answered));
		}

		@Override
		public List<String> events(Answered answered, boolean tool) {
			return List.of(delta(answered, "{\"role\": \"assistant\", \"content\": \"\"}", "null"),
					tool ? delta(answered, "{\"tool_calls\": " + toolCall(answered) + "}", "null")
							: delta(answered, "{\"content\": \"It is \"}", "null"),
					tool ? "" : delta(answered, "{\"content\": \"sunny in Rome.\"}", "null"),
					delta(answered, "{}", "\"" + answered.finishReason() + "\""),
					event(answered, "[]", usage(answered)), "data: [DONE]\n\n");
		}

		private static String delta(Answered answered, String delta, String finishReason) {
			return event(answered,
					"[{\"index\": 0, \"delta\": " + delta + ", \"finish_reason\": " + finishReason + "}]", "null");
		}

		private static String event(Answered answered, String choices, String usage) {
			return ("data: {\"id\": \"%s\", \"object\": \"chat.completion.chunk\", \"created\": 1700000000, "
					+ "\"model\": \"%s\", \"choices\": %s, \"usage\": %s}")
				.formatted(answered.id(), answered.model(), choices, usage)
				.replace("\n", "") + "\n\n";
		}

		@Override
		public String error() {
			return """
					{"error": {"message": "no CANARY", "type": "requests", "param": null, "code": "limited"}}
					""";
		}

	}

	/** Anthropic counts what is cached beside the tokens of the input. */
	private static final class AnthropicWire implements Wire {

		@Override
		public String provider() {
			return "anthropic";
		}

		@Override
		public int toolResults(String messages) {
			return Wire.count(messages, "\"type\":\"tool_result\"");
		}

		@Override
		public Answered answered(int number, boolean streamed, boolean tool, boolean cut) {
			return Answered.success("anthropic", "msg_" + number, ANTHROPIC_MODEL, number, streamed,
					tool ? "tool_use" : cut ? "max_tokens" : "end_turn");
		}

		private static String usage(Answered answered) {
			return """
					{"input_tokens": %d, "cache_creation_input_tokens": %d, "cache_read_input_tokens": %d,
					 "cache_creation": {"ephemeral_5m_input_tokens": %d, "ephemeral_1h_input_tokens": 0},
					 "output_tokens": %d, "output_tokens_details": {"thinking_tokens": %d}, "service_tier": "standard"}
					""".formatted(answered.input() - answered.cacheRead() - answered.cacheWrite(),
					answered.cacheWrite(), answered.cacheRead(), answered.cacheWrite(), answered.output(),
					answered.reasoning());
		}

		private static String message(Answered answered, String content, String stopReason) {
			return """
					{"id": "%s", "type": "message", "role": "assistant", "model": "%s", "content": [%s],
					 "stop_reason": %s, "stop_sequence": null, "usage": %s}
					""".formatted(answered.id(), answered.model(), content, stopReason, usage(answered));
		}

		private static String toolUse(Answered answered, String input) {
			return "{\"type\": \"tool_use\", \"id\": \"toolu-%s\", \"name\": \"weather\", \"input\": %s}"
				.formatted(answered.id(), input);
		}

		@Override
		public String body(Answered answered, boolean tool) {
			return message(answered,
					tool ? toolUse(answered, "{\"city\": \"Rome\"}")
							: "{\"type\": \"text\", \"citations\": null, \"text\": \"" + TEXT + "\"}",
					"\"" + answered.finishReason() + "\"");
		}

		@Override
		public List<String> events(Answered answered, boolean tool) {
			return List.of(event("message_start", "\"message\": " + message(answered, "", "null")),
					event("content_block_start",
							"\"index\": 0, \"content_block\": " + (tool ? toolUse(answered, "{}")
									: "{\"type\": \"text\", \"citations\": null, \"text\": \"\"}")),
					delta(tool ? "{\"type\": \"input_json_delta\", \"partial_json\": \"" + ARGUMENTS + "\"}"
							: "{\"type\": \"text_delta\", \"text\": \"It is \"}"),
					delta(tool ? "{\"type\": \"input_json_delta\", \"partial_json\": \"\"}"
							: "{\"type\": \"text_delta\", \"text\": \"sunny in Rome.\"}"),
					event("content_block_stop", "\"index\": 0"),
					event("message_delta",
							"\"delta\": {\"stop_reason\": \"" + answered.finishReason()
									+ "\", \"stop_sequence\": null}, \"usage\": " + usage(answered)),
					event("message_stop", "\"index\": 0"));
		}

		private static String delta(String delta) {
			return event("content_block_delta", "\"index\": 0, \"delta\": " + delta);
		}

		private static String event(String type, String fields) {
			return "event: %s\ndata: {\"type\": \"%s\", %s}\n\n".formatted(type, type, fields.replace("\n", ""));
		}

		@Override
		public String error() {
			return """
					{"type": "error", "error": {"type": "rate_limit_error", "message": "no CANARY"}}
					""";
		}

	}

}
