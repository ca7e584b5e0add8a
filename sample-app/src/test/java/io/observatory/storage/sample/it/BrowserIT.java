package io.observatory.storage.sample.it;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A person clicks through the pages of what the real SDK and the REST interface have
 * sent; numbers on the pages are those of SQL. The pictures are in target/screens.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BrowserIT {

	private static final int REQUESTS = 60;

	@TempDir
	private static Path directory;

	private static TestDatabase database;

	private static SampleProcess sample;

	private static ShopTraffic traffic;

	private static Browser browser;

	@BeforeAll
	static void start() {
		Browser.missing().ifPresent((reason) -> Assumptions.abort("Not run: " + reason));
		database = TestDatabase.create();
		sample = SampleProcess.start(directory, database.arguments());
		traffic = new ShopTraffic(sample);
		browser = Browser.start();
	}

	@AfterAll
	static void stop() {
		if (browser != null) {
			browser.close();
			traffic.close();
			sample.close();
		}
	}

	private static URI page(String path) {
		return sample.uri(path);
	}

	private static long count(String sql, Object... arguments) {
		Long count = database.jdbc().queryForObject("SELECT count(*) FROM observatory." + sql, Long.class, arguments);
		return (count != null) ? count : 0;
	}

	private static String number(long number) {
		return String.format(Locale.ROOT, "%,d", number);
	}

	private static void title(String title) {
		browser.until("the page is " + title, (page) -> page.text("h1").startsWith(title));
	}

	@Test
	@Order(1)
	void whereNothingIsStoredThePageSaysHowToSend() {
		browser.open(page("/"));
		title("Nothing is stored yet");
		assertThat(browser.text("main")).contains("OTEL_EXPORTER_OTLP_ENDPOINT", "/api/llm-spans");
		browser.picture("empty");
		for (String path : List.of("Traces", "Logs", "Metrics", "Writers")) {
			browser.follow(path);
			title(path);
			browser.assertTidy();
		}
	}

	@Test
	@Order(2)
	void theOverviewSaysWhatSqlSays() {
		traffic.requests(REQUESTS);
		traffic.flush();
		call();
		sample.flush();
		browser.open(page("/"));
		title("Overview");
		assertThat(browser.text("[data-tile=Calls] .value")).isEqualTo(number(count("llm_calls")));
		assertThat(browser.text("[data-tile=Errors] .note")).contains(count("llm_calls WHERE failed") + " failed");
		Long tokens = database.jdbc().queryForObject("SELECT sum(total_tokens) FROM observatory.llm_calls", Long.class);
		assertThat(browser.text("[data-tile=Tokens] .value"))
			.isEqualTo(String.format(Locale.ROOT, "%.1fk", tokens / 1000.0));
		List<String> models = database.jdbc().queryForList("""
				SELECT model || ' ' || count(*) || ' ' || count(*) FILTER (WHERE failed)
				FROM observatory.llm_calls GROUP BY model""", String.class);
		assertThat(browser.all("#main table:has(#groups) tbody tr")
			.stream()
			.map((row) -> row.getText().replaceAll("\\s+", " "))
			.map((row) -> row.split(" ", 4))
			.map((row) -> row[0] + " " + row[1] + " " + row[2])).containsExactlyInAnyOrderElementsOf(models);
		browser.until("the charts are drawn", (page) -> page.all(".chart canvas").size() == 4);
		browser.picture("overview");
	}

	/** One call by REST, under the source system's names. */
	private static void call() {
		String body = """
				{"traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "b7ad6b7169203331", "name": "chat mistral",
				 "serviceName": "rest", "provider": "mistral", "model": "mistral-medium",
				 "input": {"messages": [{"role": "system", "content": "Answer briefly."},
				                        {"role": "user", "content": "What is the capital of Peru?"}]},
				 "output": {"content": "Lima.", "finishReason": "stop"}, "usage": {"prompt": 21, "completion": 3},
				 "cost": {"amount": 0.00002}, "latency": {"start": "%s", "totalMs": 640, "timeToFirstTokenMs": 210}}"""
			.formatted(Instant.now().minusSeconds(90));
		post("/api/llm-spans", body);
		post("/api/scores", """
				[{"traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "b7ad6b7169203331", "name": "helpful",
				  "value": false, "comment": "I asked for its population."},
				 {"traceId": "0af7651916cd43dd8448eb211c80319c", "name": "correctness", "value": 4.5, "label": "good",
				  "source": "evaluation"}]""");
	}

	private static void post(String path, String json) {
		assertThat(sample.post(path, "application/json", json.getBytes(StandardCharsets.UTF_8)).statusCode())
			.isBetween(200, 299);
	}

	@Test
	@Order(3)
	void tracesAreFilteredSortedAndTurnedOver() {
		browser.open(page("/"));
		browser.follow("gpt-4o");
		title("Traces");
		assertThat(traces()).hasSize((int) count("llm_calls WHERE model = 'gpt-4o'"));
		browser.follow("Clear");
		browser.until("all are shown", (page) -> !page.url().contains("model="));
		browser.choose("#f-status", "error");
		browser.until("the failed ones are shown", (page) -> page.url().contains("status=error"));
		assertThat(traces()).hasSize((int) count("traces WHERE status = 'error'"))
			.allMatch((row) -> row.contains("error"));
		browser.follow("Clear");
		browser.until("all are shown", (page) -> !page.url().contains("status="));
		browser.type("#f-text", "mistral");
		browser.until("the search is done", (page) -> page.url().contains("q=mistral") && traces().size() == 1);
		browser.back();
		browser.until("back to all", (page) -> !page.url().contains("q=") && traces().size() > 1);
		browser.open(page("/traces?sort=slowest"));
		List<String> slowest = traces();
		assertThat(slowest.get(0)).contains(longest());
		browser.picture("traces");
		browser.follow("Next");
		browser.until("the next page is shown", (page) -> !traces().equals(slowest));
		assertThat(traces()).doesNotContainAnyElementsOf(slowest);
		assertThat(traces().size() + slowest.size()).isEqualTo((int) count("traces"));
	}

	@Test
	@Order(3)
	void aTraceIsFoundByWhatWasThoughtOfIt() {
		browser.open(page("/traces"));
		browser.type("#f-score", "helpful = false", Keys.ENTER);
		browser.until("it is found", (page) -> page.url().contains("score=helpful") && traces().size() == 1);
		browser.follow("chat mistral");
		title("chat mistral");
		assertThat(browser.text("[aria-labelledby=trace-scores]")).contains("helpful false", "correctness 4.5 good",
				"I asked for its population.", "by evaluation,");
		browser.follow("of a span");
		browser.until("the span is shown", (page) -> page.url().contains("span=b7ad6b7169203331"));
		assertThat(browser.text("[aria-labelledby=span-scores]")).contains("helpful false").doesNotContain("4.5");
		browser.picture("scores");
		browser.assertTidy();
	}

	private static List<String> traces() {
		return browser.texts("#traces tbody tr");
	}

	/** Of all traces, as the page writes it. */
	private static String longest() {
		Long micros = database.jdbc().queryForObject("SELECT max(duration_us) FROM observatory.traces", Long.class);
		return (micros < 1_000_000) ? Math.round(micros / 1000.0) + " ms"
				: String.format(Locale.ROOT, "%.2f s", micros / 1e6);
	}

	@Test
	@Order(4)
	void aTraceIsAWaterfallAndACallAConversation() {
		browser.open(page("/traces?q=POST"));
		browser.follow("POST /chat");
		title("POST /chat");
		assertThat(browser.all("#waterfall > li")).hasSize(4);
		assertThat(browser.texts("#waterfall .name")).containsExactly("POST /chat", "chat gpt-4o-mini",
				"execute_tool order_status", "SELECT orders");
		browser.click("#waterfall > li:nth-child(2) > a");
		browser.until("the span is shown",
				(page) -> page.url().contains("span=") && page.text("#span h2").contains("chat gpt-4o-mini"));
		assertThat(browser.text("#span")).contains("Where is order", "It arrives on Monday.", "user", "assistant",
				"gen_ai.conversation.id", "openai");
		browser.picture("trace");
		String url = browser.url();
		browser.open(URI.create(url));
		assertThat(browser.text("#span h2")).contains("chat gpt-4o-mini");
		fold();
		browser.follow("all of this trace");
		title("Logs");
		assertThat(browser.all("#lines .line")).hasSize(1);
		assertThat(browser.text("#lines")).contains("Chat");
	}

	/** By the keyboard alone. */
	private static void fold() {
		WebElement toggle = browser.find("#waterfall li:nth-child(2) .toggle");
		browser.script("arguments[0].focus()", toggle);
		browser.press(Keys.ENTER);
		browser.until("what is below is folded",
				(page) -> page.all("#waterfall > li").stream().filter(WebElement::isDisplayed).count() == 2);
		browser.press(Keys.ENTER);
		browser.until("it is unfolded",
				(page) -> page.all("#waterfall > li").stream().filter(WebElement::isDisplayed).count() == 4);
	}

	@Test
	@Order(5)
	void logsAreSearchedAndFollowed() {
		browser.open(page("/logs"));
		title("Logs");
		browser.picture("logs");
		browser.type("#q", "overloaded");
		browser.until("the search is done", (page) -> page.url().contains("q=overloaded"));
		assertThat(browser.all("#lines .line")).hasSize((int) count("logs WHERE body LIKE '%overloaded%'"));
		browser.open(page("/logs?severity=error"));
		assertThat(browser.all("#lines .line")).hasSize((int) count("logs WHERE severity_number >= 17"));
		browser.click("#lines .line summary");
		browser.until("the record is shown", (page) -> page.text("#lines .line[open] .record").contains("order.id"));
		browser.open(page("/logs"));
		browser.follow("Live tail");
		browser.until("it is live", (page) -> page.url().contains("tail=on"));
		assertThat(sample.post("/v1/logs", "application/x-protobuf", OtlpLogs.request("just now, while somebody looks"))
			.statusCode()).isEqualTo(200);
		sample.flush();
		browser.until("it appears by itself", (page) -> page.text("#lines").contains("just now, while somebody looks"));
		browser.follow("Stop live tail");
		browser.until("it is no longer live", (page) -> !page.url().contains("tail=on"));
		browser.assertTidy();
	}

	@Test
	@Order(6)
	void metricsAreChosenAndSplit() {
		browser.open(page("/metrics"));
		title("Metrics");
		browser.click("a[id^=metric-]");
		browser.until("one is shown", (page) -> page.url().contains("id=") && !page.all(".about").isEmpty());
		browser.type("#q", "shop.orders");
		browser.until("the list is short", (page) -> page.all("a[id^=metric-]").size() == 1);
		browser.click("a[id^=metric-]");
		browser.until("it is shown", (page) -> page.text(".about h2").equals("shop.orders"));
		assertThat(browser.text(".about")).contains("Orders taken", "counter", count(
				"metric_data_points p JOIN observatory.metrics m ON m.id = p.metric_id WHERE m.name = 'shop.orders'")
				+ " points");
		browser.choose("#by", "country");
		browser.until("it is split", (page) -> page.url().contains("by=country"));
		browser.click(".chart summary");
		assertThat(browser.texts(".chart thead th")).contains("CH", "NZ");
		browser.open(page("/metrics?q=checkout"));
		browser.click("a[id^=metric-]");
		browser.until("it is shown", (page) -> page.text(".about h2").equals("shop.checkout.duration"));
		browser.click(".chart summary");
		assertThat(browser.texts(".chart thead th")).contains("p50", "p95", "p99");
		browser.picture("metrics");
	}

	@Test
	@Order(7)
	void writersAreWatchedPausedAndFlushed() {
		browser.open(page("/writers"));
		title("Writers");
		assertThat(browser.text("#writer-logs"))
			.contains(number(sample.get("/actuator/observatory").at("/writers/logs/writes/stored").asLong()));
		browser.picture("writers");
		browser.click("#pause-logs");
		title("Pause");
		browser.click("#confirm");
		browser.until("it is paused", (page) -> page.text("#writer-logs .badge").equals("paused"));
		assertThat(sample.post("/v1/logs", "application/x-protobuf", OtlpLogs.request("held back")).statusCode())
			.isEqualTo(200);
		browser.click("#resume-logs");
		browser.click("#confirm");
		browser.until("it runs", (page) -> !page.text("#writer-logs .badge").equals("paused"));
		browser.click("#flush-logs");
		browser.click("#confirm");
		browser.until("it says so", (page) -> !page.text("#result").isEmpty());
		assertThat(count("logs WHERE body = 'held back'")).isEqualTo(1);
		// as a browser without script does
		browser.open(page("/writers/logs/flush"));
		browser.script("document.querySelector('main form').submit()");
		browser.until("it says so again", (page) -> !page.all("#result").isEmpty());
	}

	@Test
	@Order(8)
	void hostileTelemetryIsShownAsText() {
		String hostile = traffic.hostile();
		traffic.flush();
		sample.flush();
		for (String path : List.of("/", "/traces", "/traces/" + hostile, "/logs", "/logs?trace=" + hostile)) {
			browser.open(page(path));
			browser.until(path + " shows it", (page) -> page.text("main").contains("<script>"));
			assertThat(browser.all("main script, main img")).as("%s has no element of it", path).isEmpty();
			assertThat((String) browser.script("return document.title")).isNotEqualTo("taken");
			browser.assertTidy();
		}
		browser.open(page("/traces/" + hostile));
		assertThat(browser.text("#span")).contains(ShopTraffic.IMAGE, ShopTraffic.SCRIPT);
		assertThat(browser.text("#span").length()).as("the large one is cut").isLessThan(20_000);
		assertThat((Boolean) browser.script("""
				return [...document.querySelectorAll('#span .attributes bdi')]
				    .every(text => getComputedStyle(text).unicodeBidi === 'isolate')""")).as("isolated").isTrue();
		browser.follow("Show all 100,000 characters");
		browser.until("all of it is shown", (page) -> page.text("#span .attributes").length() > ShopTraffic.LARGE);
	}

	@Test
	@Order(9)
	void fiveThousandSpansAreTurnedOver() {
		String large = traffic.large();
		traffic.flush();
		sample.flush();
		browser.open(page("/traces/" + large));
		assertThat(browser.text(".strip")).contains(number(ShopTraffic.MANY_SPANS));
		List<String> first = browser.texts("#waterfall .name");
		browser.click("#page-next");
		browser.until("the next page", (page) -> page.url().contains("page=2"));
		assertThat(browser.texts("#waterfall .name")).hasSameSizeAs(first).doesNotContainAnyElementsOf(first);
		browser.assertTidy();
	}

	@Test
	@Order(10)
	void aKnottedTraceShowsEachSpanOnce() {
		String knotted = traffic.knotted();
		traffic.flush();
		sample.flush();
		browser.open(page("/traces/" + knotted));
		assertThat(browser.texts("#waterfall .name")).containsExactlyInAnyOrder("circle one", "circle two",
				"its own parent", "orphan", "child of the orphan");
		assertThat(browser.texts("#waterfall .badge")).contains("no parent", "circle");
		browser.assertTidy();
	}

	@Test
	@Order(11)
	void anOpenSpanIsShownOnEveryPage() {
		send("/v1/traces", """
				{"resourceSpans": [{"scopeSpans": [{"spans": [
				  {"traceId": "5bf92f3577b34da6a3ce929d0e0eabcd", "spanId": "10f067aa0ba902b7", "name": "under way",
				   "kind": 2, "startTimeUnixNano": "%d000000"},
				  {"traceId": "5bf92f3577b34da6a3ce929d0e0eabcd", "spanId": "10f067aa0ba902b8", "name": "chat open",
				   "parentSpanId": "10f067aa0ba902b7", "kind": 3, "startTimeUnixNano": "%<d000000",
				   "attributes": [{"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}}]}
				]}]}]}""".formatted(System.currentTimeMillis()));
		browser.open(page("/"));
		title("Overview");
		browser.open(page("/traces?q=under"));
		browser.follow("under way");
		title("under way");
		assertThat(browser.texts("#waterfall .name")).containsExactly("under way", "chat open");
		assertThat(browser.texts("#waterfall .duration")).containsExactly("–", "–");
		browser.assertTidy();
	}

	@Test
	@Order(12)
	void theOnlyPointOfAChartIsSeenThoughItIsInTheLastBucket() {
		send("/v1/metrics", """
				{"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": "only.point", "gauge": {"dataPoints": [
				  {"timeUnixNano": "%d000000", "asDouble": 7}]}}]}]}]}""".formatted(System.currentTimeMillis()));
		browser.open(page("/metrics?q=only.point&range=15m"));
		browser.click("a[id^=metric-]");
		browser.until("it is drawn", (page) -> !page.all(".chart canvas").isEmpty());
		browser.until("the point is seen", (page) -> (Long) page.script("""
				const canvas = document.querySelector('.chart canvas');
				const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
				let colored = 0;
				for (let i = 0; i < data.length; i += 4) {
				  const [least, most] = [Math.min(...data.slice(i, i + 3)), Math.max(...data.slice(i, i + 3))];
				  if (data[i + 3] > 128 && most - least > 60) colored++;
				}
				return colored""") >= 8);
		browser.assertTidy();
	}

	@Test
	@Order(13)
	void aConversationIsShownOverTwoTraces() {
		for (int turn = 1; turn <= 2; turn++) {
			send("/v1/traces", turn(turn));
		}
		browser.open(page("/traces/" + "7a".repeat(15) + "02"));
		browser.follow("trip 42");
		title("Conversation trip 42");
		assertThat(browser.texts(".turn")).hasSize(2);
		assertThat(browser.texts(".turn").get(0)).contains("Question 1?", "Answer 1.", "120 tokens", "$0.00045");
		assertThat(browser.texts(".turn").get(1)).contains("Question 2?", "Answer 2.").doesNotContain("Question 1?");
		assertThat(browser.text("#calls")).isEqualTo("2");
		assertThat(browser.text("#tokens")).isEqualTo("240");
		assertThat(browser.text(".strip")).contains("$0.0009", "traveller", "gpt-4o");
		browser.picture("conversation");
		browser.assertTidy();
	}

	/**
	 * An agent that repeats the tokens of its call, which repeats what was said before.
	 */
	private static String turn(int turn) {
		String earlier = (turn == 1) ? "" : "{\\\"role\\\":\\\"user\\\",\\\"content\\\":\\\"Question 1?\\\"},"
				+ "{\\\"role\\\":\\\"assistant\\\",\\\"content\\\":\\\"Answer 1.\\\"},";
		String attributes = """
				{"key": "gen_ai.request.model", "value": {"stringValue": "gpt-4o"}},
				{"key": "gen_ai.usage.input_tokens", "value": {"intValue": 100}},
				{"key": "gen_ai.usage.output_tokens", "value": {"intValue": 20}},
				{"key": "gen_ai.conversation.id", "value": {"stringValue": "trip 42"}},
				{"key": "user.id", "value": {"stringValue": "traveller"}},
				{"key": "gen_ai.input.messages", "value": {"stringValue":
				  "[%s{\\"role\\":\\"user\\",\\"content\\":\\"Question %d?\\"}]"}},
				{"key": "gen_ai.output.messages", "value": {"stringValue":
				  "[{\\"role\\":\\"assistant\\",\\"content\\":\\"Answer %2$d.\\"}]"}}""".formatted(earlier, turn);
		return """
				{"resourceSpans": [{"scopeSpans": [{"spans": [
				  {"traceId": "%1$s0%2$d", "spanId": "7a7a7a7a7a7a7a1%2$d", "name": "invoke_agent trip", "kind": 1,
				   "startTimeUnixNano": "%3$d000000", "endTimeUnixNano": "%4$d000000", "attributes": [%5$s,
				    {"key": "gen_ai.operation.name", "value": {"stringValue": "invoke_agent"}}]},
				  {"traceId": "%1$s0%2$d", "spanId": "7a7a7a7a7a7a7a2%2$d", "parentSpanId": "7a7a7a7a7a7a7a1%2$d",
				   "name": "chat gpt-4o", "kind": 3, "startTimeUnixNano": "%3$d000000",
				   "endTimeUnixNano": "%4$d000000", "attributes": [%5$s,
				    {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}}]}
				]}]}]}""".formatted("7a".repeat(15), turn, System.currentTimeMillis() - 60_000 + turn * 1_000,
				System.currentTimeMillis() - 59_500 + turn * 1_000, attributes);
	}

	private static void send(String path, String json) {
		assertThat(sample.post(path, "application/json", json.getBytes(StandardCharsets.UTF_8)).statusCode())
			.isEqualTo(200);
		sample.flush();
	}

}
