package io.observatory.storage.sample.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;

import io.observatory.storage.sample.SampleApplication;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.writer.Writer;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * How soon the pages answer where much is stored, and what an open page takes from the
 * intake: {@code mvn -Pbench-pages -pl sample-app -am verify}
 * <p>
 * The sample runs in this process, on an embedded PostgreSQL that is loaded first
 * ({@code bench/pages.sql}: 1 million spans, or {@code bench.rows} of them, and 5 million
 * log records). Each page is asked {@code bench.rounds} times, for an hour, a day and a
 * week, one after another in each round, after two rounds that do not count. Then the
 * built-in load writes {@code bench.rate} records a second; each page is asked beside it,
 * and then it goes by turns with the live tail open and without, and then with an export
 * of all calls and without. The plans of all statements of the pages go into a file.
 * {@code bench.port} names a server on this machine to be used instead, which is loaded
 * if it has no tables yet; {@code bench.pages} is a regular expression for the names of
 * the pages; {@code it.layout} is the layout of the tables that are loaded.
 */
public final class PagesBench {

	private static final List<String> RANGES = List.of("1h", "24h", "7d");

	private static final int WARM_UP_ROUNDS = 2;

	private static final Duration TAIL = Duration.ofSeconds(2);

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final Path directory = Path.of(System.getProperty("bench.directory", "target/bench"));

	private final int rounds = Integer.getInteger("bench.rounds", 9);

	private final LoadedServer server;

	private PagesBench(LoadedServer server) {
		this.server = server;
	}

	public static void main(String[] args) throws Exception {
		Locale.setDefault(Locale.ROOT);
		Path directory = Path.of(System.getProperty("bench.directory", "target/bench"));
		try (LoadedServer server = LoadedServer.start(directory)) {
			PagesBench bench = new PagesBench(server);
			Map<String, String> pages = pages(server.jdbc());
			bench.askPages(pages);
			bench.ingest(pages);
		}
	}

	private void askPages(Map<String, String> pages) throws IOException {
		StringBuilder plans = new StringBuilder();
		try (ConfigurableApplicationContext application = sample()) {
			readCalls(application);
			report("pages", "milliseconds until a page is there", ask(application, pages));
			pages.forEach((name, path) -> plans.append("== %s: %s%n%n".formatted(name, path))
				.append(this.server.plans(() -> ask(application, path)))
				.append("\n\n"));
		}
		write("pages-plans.txt", plans.toString());
	}

	private Map<String, List<Double>> ask(ConfigurableApplicationContext application, Map<String, String> pages) {
		Map<String, List<Double>> millis = new LinkedHashMap<>();
		for (int round = -WARM_UP_ROUNDS; round < this.rounds; round++) {
			for (Map.Entry<String, String> page : pages.entrySet()) {
				double took = ask(application, page.getValue());
				if (round >= 0) {
					millis.computeIfAbsent(page.getKey(), (name) -> new ArrayList<>()).add(took);
				}
			}
		}
		return millis;
	}

	private void report(String name, String title, Map<String, List<Double>> millis) throws IOException {
		System.out.printf("%n%s%n%n%-40s %9s %9s %9s%n", title, "page", "median", "least", "most");
		millis.forEach((page, all) -> System.out.printf("%-40s %9.0f %9.0f %9.0f%n", page, median(all),
				all.stream().min(Double::compare).orElseThrow(), all.stream().max(Double::compare).orElseThrow()));
		write(name + ".json",
				millis.entrySet()
					.stream()
					.map((page) -> "{\"page\": \"%s\", \"medianMillis\": %.1f, \"rounds\": %s}".formatted(page.getKey(),
							median(page.getValue()), page.getValue()))
					.collect(Collectors.joining(",\n", "[\n", "\n]\n")));
	}

	/**
	 * What the overview remembers afterwards: an open page goes on asking until all is
	 * read.
	 */
	private void readCalls(ConfigurableApplicationContext application) {
		long begun = System.nanoTime();
		String path = "/?range=7d";
		String page = answer(application, path);
		System.out.printf("%noverview of 7 days: first answer after %.0f ms,", (System.nanoTime() - begun) / 1e6);
		while (page.contains("id=\"more\"")) {
			page = answer(application, path, "HX-Request", "true", "HX-Trigger", "more");
		}
		System.out.printf(" all calls read after %.1f s%n", (System.nanoTime() - begun) / 1e9);
	}

	/** Each for an hour, a day and a week, but for those that show one thing. */
	private static Map<String, String> pages(JdbcTemplate jdbc) {
		Map<String, String> pages = new LinkedHashMap<>();
		Map<String, Object> call = jdbc.queryForMap("SELECT trace_id, span_id FROM observatory.llm_calls "
				+ "WHERE start_time >= now() - interval '2 hours' AND NOT failed ORDER BY start_time LIMIT 1");
		String metric = jdbc
			.queryForObject("SELECT id FROM observatory.metrics WHERE metric_type = 'histogram' LIMIT 1", String.class);
		for (String range : RANGES) {
			pages.put("overview " + range, "/?range=" + range);
			pages.put("traces " + range, "/traces?range=" + range);
			pages.put("traces, slowest " + range, "/traces?sort=slowest&range=" + range);
			pages.put("traces, of a service " + range, "/traces?service=billing&range=" + range);
			pages.put("traces, failed, of a model " + range, "/traces?status=error&model=mistral-large&range=" + range);
			pages.put("traces, with a text " + range, "/traces?q=stock&range=" + range);
			pages.put("logs " + range, "/logs?range=" + range);
			pages.put("logs, errors of a service " + range, "/logs?service=billing&severity=error&range=" + range);
			pages.put("logs, with a text " + range, "/logs?q=invoice&range=" + range);
			pages.put("metric " + range, "/metrics?id=" + metric + "&range=" + range);
		}
		pages.put("trace", "/traces/" + call.get("trace_id"));
		pages.put("trace, with a span", "/traces/" + call.get("trace_id") + "?span=" + call.get("span_id"));
		pages.put("logs of a trace", "/logs?trace=" + call.get("trace_id"));
		pages.put("metrics", "/metrics");
		pages.put("writers", "/writers");
		pages.keySet().removeIf((name) -> !name.matches(System.getProperty("bench.pages", ".*")));
		return pages;
	}

	private void ingest(Map<String, String> pages) throws IOException {
		int rate = Integer.getInteger("bench.rate", 20_000);
		int seconds = Integer.getInteger("bench.seconds", 10);
		try (ConfigurableApplicationContext application = sample("--demo.rate=" + rate)) {
			rate(application, seconds);
			report("pages-beside-ingest", "milliseconds until a page is there, beside the load",
					ask(application, pages));
			System.out.printf("%nrecords a second, of %,d that are written%n", rate);
			compare("live tail", () -> rateWithTail(application, seconds), () -> rate(application, seconds));
			compare("export", () -> rateWithExport(application, seconds), () -> rate(application, seconds));
		}
	}

	/** By turns with and without, each first every other time. */
	private void compare(String name, DoubleSupplier with, DoubleSupplier without) throws IOException {
		int pairs = Integer.getInteger("bench.pairs", 5);
		List<Double> alone = new ArrayList<>();
		List<Double> beside = new ArrayList<>();
		for (int pair = 0; pair < pairs; pair++) {
			if (pair % 2 == 0) {
				alone.add(without.getAsDouble());
			}
			beside.add(with.getAsDouble());
			if (pair % 2 == 1) {
				alone.add(without.getAsDouble());
			}
		}
		double[] ratios = new double[pairs];
		Arrays.setAll(ratios, (pair) -> beside.get(pair) / alone.get(pair));
		System.out.printf("%nalone               %s%n%-20s%s%n", shown(alone), "with the " + name, shown(beside));
		System.out.printf("ratio in each pair  %s, median %.3f%n",
				Arrays.stream(ratios).mapToObj("%.3f"::formatted).collect(Collectors.joining(" ")),
				median(Arrays.stream(ratios).boxed().toList()));
		write("ingest-beside-" + name.replace(' ', '-') + ".json",
				"{\"alone\": %s, \"beside\": %s}%n".formatted(alone, beside));
	}

	private double rateWithTail(ConfigurableApplicationContext application, int seconds) {
		ScheduledExecutorService browser = Executors.newSingleThreadScheduledExecutor();
		List<Double> millis = new ArrayList<>();
		browser.scheduleAtFixedRate(() -> millis.add(ask(application, "/logs?tail=on")), 0, TAIL.toMillis(),
				TimeUnit.MILLISECONDS);
		try {
			return rate(application, seconds);
		}
		finally {
			browser.shutdownNow();
			System.out.printf("live tail asked %d times, median %.0f ms%n", millis.size(), median(millis));
		}
	}

	/** The export of all calls, which takes longer than it is measured beside. */
	private double rateWithExport(ConfigurableApplicationContext application, int seconds) {
		HttpRequest request = HttpRequest.newBuilder(uri(application, "/calls.csv?range=7d")).build();
		AtomicLong bytes = new AtomicLong();
		try (InputStream file = this.client.send(request, BodyHandlers.ofInputStream()).body()) {
			Thread reader = new Thread(() -> read(file, bytes), "export");
			reader.start();
			double rate = rate(application, seconds);
			System.out.printf("exported %.0f MB, %s%n", bytes.get() / 1e6,
					reader.isAlive() ? "which is not all" : "to the end");
			return rate;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static void read(InputStream file, AtomicLong bytes) {
		byte[] part = new byte[64 * 1024];
		try {
			for (int read = file.read(part); read >= 0; read = file.read(part)) {
				bytes.addAndGet(read);
			}
		}
		catch (IOException ex) {
			// closed, because the measurement is over
		}
	}

	/** Of what is committed. */
	private static double rate(ConfigurableApplicationContext application, int seconds) {
		long before = stored(application);
		long begun = System.nanoTime();
		sleep(seconds);
		return (stored(application) - before) / ((System.nanoTime() - begun) / 1e9);
	}

	private static long stored(ConfigurableApplicationContext application) {
		return application.getBeanProvider(Writer.class)
			.stream()
			.map(Writer::writeStats)
			.mapToLong(WriteStats::stored)
			.sum();
	}

	private static void sleep(int seconds) {
		try {
			TimeUnit.SECONDS.sleep(seconds);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private ConfigurableApplicationContext sample(String... arguments) {
		List<String> all = new ArrayList<>(
				List.of("--server.port=0", "--sample.grpc.port=0", "--spring.datasource.url=" + this.server.url(),
						"--observatory.storage.retention.traces=30d", "--observatory.storage.retention.logs=30d",
						"--observatory.storage.retention.metrics=30d", "--logging.level.root=warn"));
		all.addAll(List.of(arguments));
		return SpringApplication.run(SampleApplication.class, all.toArray(String[]::new));
	}

	/** Returns how long the answer took, in milliseconds. */
	private double ask(ConfigurableApplicationContext application, String path) {
		long begun = System.nanoTime();
		answer(application, path);
		return (System.nanoTime() - begun) / 1e6;
	}

	private static URI uri(ConfigurableApplicationContext application, String path) {
		return URI.create("http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port") + path);
	}

	private String answer(ConfigurableApplicationContext application, String path, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(uri(application, path));
		if (headers.length > 0) {
			request.headers(headers);
		}
		try {
			HttpResponse<String> answer = this.client.send(request.build(), BodyHandlers.ofString());
			// a page that gives up says so after five seconds
			if (answer.statusCode() != 200 && answer.statusCode() != 504) {
				throw new IllegalStateException(path + " answered " + answer.statusCode() + ": " + answer.body());
			}
			return answer.body();
		}
		catch (IOException ex) {
			throw new IllegalStateException(path, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static double median(List<Double> numbers) {
		List<Double> sorted = numbers.stream().sorted().toList();
		int half = sorted.size() / 2;
		return (sorted.size() % 2 == 1) ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
	}

	private static String shown(List<Double> rates) {
		return rates.stream().map("%,.0f"::formatted).collect(Collectors.joining("  ")) + "  median "
				+ "%,.0f".formatted(median(rates));
	}

	private void write(String name, String text) throws IOException {
		Files.createDirectories(this.directory);
		Path file = this.directory.resolve(name);
		Files.writeString(file, text);
		System.out.printf("Written to %s%n", file.toAbsolutePath());
	}

}
