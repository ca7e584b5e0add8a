package io.observatory.storage.actuate;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

import io.observatory.storage.model.LogRecord;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Logs;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.testing.TcpProxy;
import io.observatory.storage.writer.LogWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The endpoint, over HTTP.
 */
class EndpointIT {

	private String database;

	@BeforeEach
	void database() {
		this.database = Postgres.emptyDatabase();
	}

	@Test
	void showsEveryWriter() throws Exception {
		try (ConfigurableApplicationContext context = app().run()) {
			context.getBean(LogWriter.class).writeLogs(Logs.logs(3));
			HttpResponse<String> response = send(context, "GET", "");
			assertThat(response.statusCode()).isEqualTo(200);
			JsonNode report = json(response);
			assertThat(report.path("schema").path("state").asString()).isEqualTo("READY");
			assertThat(report.path("writers").propertyNames()).containsExactlyInAnyOrder("logs", "metrics", "traces");
			JsonNode logs = report.path("writers").path("logs");
			assertThat(logs.path("status").path("state").asString()).isEqualTo("RUNNING");
			assertThat(logs.path("buffer").path("rows").asInt()).isEqualTo(3);
			assertThat(logs.path("writes").path("accepted").asInt()).isEqualTo(3);
			assertThat(response.body()).doesNotContain("hello");
		}
	}

	@Test
	void showsOneWriter() throws Exception {
		try (ConfigurableApplicationContext context = app().run()) {
			JsonNode report = json(send(context, "GET", "/traces"));
			assertThat(report.path("buffer").path("maxRows").asLong()).isEqualTo(1_000_000);
		}
	}

	@Test
	void knowsNoOtherWriter() throws Exception {
		try (ConfigurableApplicationContext context = unrestricted().run()) {
			assertThat(send(context, "GET", "/other").statusCode()).isEqualTo(404);
			assertThat(send(context, "POST", "/other").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void flushesOnlyWhenAllowed() throws Exception {
		try (ConfigurableApplicationContext context = app().run()) {
			assertThat(send(context, "POST", "").statusCode()).isEqualTo(405);
		}
	}

	@Test
	void flushesOneAndAll() throws Exception {
		try (ConfigurableApplicationContext context = unrestricted().run()) {
			LogWriter writer = context.getBean(LogWriter.class);
			List<LogRecord> logs = Logs.logs(7);
			writer.writeLogs(logs);
			HttpResponse<String> response = send(context, "POST", "/logs");
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(json(response).path("result").path("stored").asInt()).isEqualTo(7);
			assertThat(json(response).path("error").isNull()).isTrue();
			Logs.assertStored(Postgres.jdbc(this.database), writer, logs);
			JsonNode all = json(send(context, "POST", ""));
			assertThat(all.propertyNames()).containsExactlyInAnyOrder("logs", "metrics", "traces");
			assertThat(all.path("logs").path("result").path("rows").asInt()).isZero();
		}
	}

	@Test
	void aFlushThatFailsSaysWhy() throws Exception {
		try (TcpProxy proxy = new TcpProxy(Postgres.port())) {
			proxy.open();
			try (ConfigurableApplicationContext context = App
				.onOwnPool(Postgres.url(this.database, proxy.port()) + "&password=hunter2")
				.with("observatory.storage.datasource.connection-timeout", "250ms")
				.with("observatory.storage.close-timeout", "1s")
				.with("management.endpoint.observatory.access", "unrestricted")
				.web()
				.run()) {
				proxy.close();
				LogWriter writer = context.getBean(LogWriter.class);
				List<LogRecord> logs = Logs.logs(7);
				writer.writeLogs(logs);
				HttpResponse<String> response = send(context, "POST", "");
				assertThat(response.statusCode()).isEqualTo(200);
				JsonNode report = json(response).path("logs");
				assertThat(report.path("result").isNull()).isTrue();
				assertThat(report.path("error").path("message").asString()).isNotBlank();
				assertThat(report.path("error").path("retryable").asBoolean()).isTrue();
				assertThat(response.body()).doesNotContain("hunter2", "hello");
				proxy.open();
				Logs.awaitStored(Postgres.jdbc(this.database), writer, logs);
			}
		}
	}

	private App unrestricted() {
		return app().with("management.endpoint.observatory.access", "unrestricted");
	}

	private App app() {
		return App.onSharedDataSource(Postgres.url(this.database))
			.with("observatory.storage.logs.flush-interval", "1h")
			.web();
	}

	private static HttpResponse<String> send(ConfigurableApplicationContext context, String method, String path)
			throws IOException, InterruptedException {
		int port = ((WebServerApplicationContext) context).getWebServer().getPort();
		URI uri = URI.create("http://localhost:" + port + "/actuator/observatory" + path);
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build(),
					HttpResponse.BodyHandlers.ofString());
	}

	private static JsonNode json(HttpResponse<String> response) {
		return JsonMapper.shared().readTree(response.body());
	}

}
