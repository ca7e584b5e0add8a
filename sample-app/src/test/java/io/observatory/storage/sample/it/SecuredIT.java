package io.observatory.storage.sample.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLContext;

import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.observatory.storage.sample.SampleApplication;
import io.observatory.storage.sample.intake.IntakeStatistics;
import io.observatory.storage.sample.otlp.grpc.GrpcServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The application as it may be used from a network: all addresses of the machine, TLS, a
 * password and a token.
 */
@ExtendWith(OutputCaptureExtension.class)
class SecuredIT {

	private static final String PASSWORD = "correct horse: battery ü";

	private static final String TOKEN = "a-token-of-the-intake";

	private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

	private static final Set<Integer> REFUSED = Set.of(401, 403);

	@TempDir
	private static Path directory;

	private static ServletWebServerApplicationContext context;

	private static HttpClient client;

	@BeforeAll
	static void start() throws Exception {
		Path certificate = directory.resolve("certificate.pem");
		Path key = directory.resolve("key.pem");
		createCertificate(certificate, key);
		context = (ServletWebServerApplicationContext) new SpringApplicationBuilder(SampleApplication.class)
			.run(TestDatabase.create()
				.arguments("--server.port=0", "--sample.grpc.port=0", "--server.address=0.0.0.0",
						"--sample.grpc.address=0.0.0.0", "--sample.pages.password=" + PASSWORD,
						"--sample.intake.token=" + TOKEN, "--sample.intake.allowed-origins=https://shop.example",
						"--spring.ssl.bundle.pem.web.keystore.certificate=" + certificate,
						"--spring.ssl.bundle.pem.web.keystore.private-key=" + key,
						"--spring.ssl.bundle.pem.client.truststore.certificate=" + certificate,
						"--server.ssl.bundle=web", "--sample.grpc.ssl-bundle=web", "--sample.alerts.silence=1h",
						"--logging.level.org.springframework.web=error",
						"--observatory.storage.capture.logback.enabled=false",
						"--observatory.storage.capture.micrometer.enabled=false"));
		SSLContext trusting = context.getBean(SslBundles.class).getBundle("client").createSslContext();
		client = HttpClient.newBuilder().sslContext(trusting).version(HttpClient.Version.HTTP_1_1).build();
	}

	/** In the files of docs/sample.md. */
	private static void createCertificate(Path certificate, Path key) throws Exception {
		Path keys = directory.resolve("keys.p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "web", "-keyalg", "EC", "-dname", "CN=localhost", "-ext",
				"san=dns:localhost,ip:127.0.0.1", "-storepass", "changeit", "-keystore", keys.toString())
			.redirectErrorStream(true)
			.start();
		String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(keytool.waitFor()).as(said).isZero();
		KeyStore store = KeyStore.getInstance(keys.toFile(), "changeit".toCharArray());
		Files.writeString(certificate, pem("CERTIFICATE", store.getCertificate("web").getEncoded()));
		Files.writeString(key, pem("PRIVATE KEY", store.getKey("web", "changeit".toCharArray()).getEncoded()));
	}

	private static String pem(String type, byte[] content) {
		return "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(type,
				Base64.getMimeEncoder().encodeToString(content));
	}

	@AfterAll
	static void stop() {
		if (context != null) {
			context.close();
		}
	}

	private record Attempt(String method, String path) {

		/** However the path is written. */
		boolean isIntake() {
			return URI.create(this.path).getPath().matches("/(v1|api/llm-spans|api/scores|api/public/otel)(/.*)?");
		}

		HttpResponse<String> with(@Nullable String authorization, String... headers) {
			HttpRequest.Builder request = HttpRequest
				.newBuilder(URI.create("https://localhost:" + context.getWebServer().getPort() + this.path))
				.method(this.method, BodyPublishers.noBody());
			if (authorization != null) {
				request.header("Authorization", authorization);
			}
			if (headers.length > 0) {
				request.headers(headers);
			}
			return SecuredIT.send(request);
		}

	}

	private static HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return client.send(request.build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static String basic(String user, String password) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
	}

	/** All that the server maps, whoever mapped it, and some that it does not map. */
	private static List<Attempt> everything() {
		Set<String> patterns = new TreeSet<>(Set.of("/nowhere", "/v1/nowhere", "/api/nowhere", "/api/%6clm-spans",
				"/%761/traces", "/assets/pages.css", "/actuator/health/x", "/api/public/otel"));
		context.getBeansOfType(RequestMappingInfoHandlerMapping.class)
			.values()
			.stream()
			.flatMap((mapping) -> mapping.getHandlerMethods().keySet().stream())
			.map(RequestMappingInfo::getPatternValues)
			.forEach(patterns::addAll);
		context.getBeansOfType(AbstractUrlHandlerMapping.class)
			.values()
			.forEach((mapping) -> patterns.addAll(mapping.getHandlerMap().keySet()));
		context.getServletContext()
			.getServletRegistrations()
			.values()
			.forEach((servlet) -> patterns.addAll(servlet.getMappings()));
		return patterns.stream()
			.map((pattern) -> pattern.replaceAll("\\{format[^/]*}", "csv").replaceAll("\\{[^/]*}|\\*+", "x"))
			.distinct()
			.flatMap((path) -> METHODS.stream().map((method) -> new Attempt(method, path)))
			.toList();
	}

	@Test
	void theListHasWhatIsKnown() {
		assertThat(everything()).extracting(Attempt::path)
			.contains("/", "/traces", "/traces/x", "/writers/x/x", "/api/stats", "/actuator/health",
					"/actuator/observatory/x", "/assets/x", "/webjars/x", "/error", "/v1/traces", "/v1/logs/",
					"/api/public/otel/v1/metrics", "/api/llm-spans", "/api/scores");
	}

	@Test
	void withoutASecretNothingIsServed() {
		assertThat(everything()).allSatisfy((attempt) -> {
			HttpResponse<String> answer = attempt.with(null);
			assertThat(answer.statusCode()).as("%s", attempt).isEqualTo(401);
			assertThat(answer.headers().firstValue("WWW-Authenticate")).as("%s", attempt)
				.hasValue(attempt.isIntake() ? "Bearer" : "Basic realm=\"Observatory\", charset=\"UTF-8\"");
			assertThat(answer.headers().firstValue("Set-Cookie")).as("%s", attempt).isEmpty();
		});
	}

	@Test
	void withAWrongSecretNothingIsServed() {
		List<String> wrong = List.of("Bearer", "Bearer ", "Bearer wrong", "Bearer " + TOKEN + "x", "Basic", "Basic !",
				basic("", ""), basic("admin", "wrong"), basic(PASSWORD, ""), "Digest " + TOKEN, TOKEN,
				PASSWORD.replaceAll("[^ -~]", ""));
		List<Attempt> all = everything();
		for (int i = 0; i < all.size(); i++) {
			Attempt attempt = all.get(i);
			String given = wrong.get(i % wrong.size());
			assertThat(attempt.with(given).statusCode()).as("%s with %s", attempt, given).isEqualTo(401);
			String others = attempt.isIntake() ? basic("admin", PASSWORD) : "Bearer " + TOKEN;
			assertThat(attempt.with(others).statusCode()).as("%s with the other's secret", attempt).isEqualTo(401);
		}
	}

	@Test
	void withTheRightSecretEverythingIsServed() {
		HttpResponse<String> form = new Attempt("GET", "/writers/logs/flush").with(basic("", PASSWORD));
		String token = found("name=\"_csrf\" value=\"([^\"]+)\"", form.body());
		String cookie = form.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
		assertThat(everything()).allSatisfy((attempt) -> {
			HttpResponse<String> answer = attempt.isIntake() ? attempt.with("Bearer " + TOKEN)
					: attempt.with(basic("anybody", PASSWORD), "Cookie", cookie, "X-XSRF-TOKEN", token);
			assertThat(answer.statusCode()).as("%s", attempt).isNotIn(REFUSED);
			assertThat(answer.headers().allValues("Set-Cookie")).as("%s", attempt)
				.noneMatch((set) -> set.startsWith("JSESSIONID"));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/traces", "/assets/pages.css", "/api/stats", "/actuator/health" })
	void aPageIsShownToWhoKnowsThePassword(String path) {
		assertThat(new Attempt("GET", path).with(basic("", PASSWORD)).statusCode()).isEqualTo(200);
	}

	@Test
	void aFormNeedsItsTokenAlsoWithThePassword() {
		assertThat(new Attempt("POST", "/writers/logs/flush").with(basic("", PASSWORD)).statusCode()).isEqualTo(403);
	}

	@Test
	void whoOpensAPageWithoutThePasswordIsToldWhichOneItIs() {
		HttpResponse<String> page = new Attempt("GET", "/traces").with(null, "Accept", "text/html");
		assertThat(page.body()).contains("sample.pages.password").doesNotContain(PASSWORD);
	}

	@Test
	void commandsToSendAFirstSpanHaveTheTokensPlace() {
		assertThat(new Attempt("GET", "/send").with(basic("", PASSWORD)).body())
			.contains("Authorization: Bearer $TOKEN", "OTEL_EXPORTER_OTLP_HEADERS")
			.doesNotContain(TOKEN);
	}

	/** A browser asks before it sends, and cannot give the token then. */
	@Test
	void aBrowsersQuestionBeforeItSendsIsAnsweredWithoutTheToken() {
		HttpResponse<String> answer = new Attempt("OPTIONS", "/v1/traces").with(null, "Origin", "https://shop.example",
				"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization");
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.headers().firstValue("Access-Control-Allow-Headers")).hasValue("authorization");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1/traces", "/api/public/otel/v1/traces" })
	void aSenderIsAnsweredInItsOwnFormatAndAfterItsWholeBody(String path) {
		HttpResponse<String> refused = post(path, "application/x-protobuf", new byte[8 * 1024 * 1024], null);
		assertThat(refused.statusCode()).isEqualTo(401);
		assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/x-protobuf");
		assertThat(refused.body()).contains("sample.intake.token");
		byte[] request = ExportTraceServiceRequest.getDefaultInstance().toByteArray();
		assertThat(post(path, "application/x-protobuf", request, "Bearer " + TOKEN).statusCode()).isEqualTo(200);
		// the SDKs of Langfuse have a public and a secret key
		assertThat(post(path, "application/x-protobuf", request, basic("pk-lf-1", TOKEN)).statusCode()).isEqualTo(200);
	}

	@Test
	void aCallThatIsSentAsJsonNeedsTheToken() {
		byte[] call = """
				{"traceId": "4bf92f3577b34da6a3ce929d0e0e4736", "spanId": "00f067aa0ba902b7", "name": "chat",
				 "provider": "openai", "model": "gpt-4o", "input": {"prompt": "Hello?"}, "latency": {"start": "%s", "totalMs": 420}}"""
			.formatted(Instant.now())
			.getBytes(StandardCharsets.UTF_8);
		HttpResponse<String> refused = post("/api/llm-spans", "application/json", call, null);
		assertThat(refused.statusCode()).isEqualTo(401);
		assertThat(refused.body()).startsWith("{\"error\":").contains("sample.intake.token");
		HttpResponse<String> taken = post("/api/llm-spans", "application/json", call, "bearer " + TOKEN);
		assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
	}

	private static HttpResponse<String> post(String path, String contentType, byte[] body,
			@Nullable String authorization) {
		HttpRequest.Builder request = HttpRequest
			.newBuilder(URI.create("https://localhost:" + context.getWebServer().getPort() + path))
			.header("Content-Type", contentType)
			.POST(BodyPublishers.ofByteArray(body));
		if (authorization != null) {
			request.header("Authorization", authorization);
		}
		return send(request);
	}

	@Test
	void everyMethodOfGrpcNeedsTheToken() throws IOException {
		GrpcServer server = context.getBean(GrpcServer.class);
		List<String> methods = ((Server) ReflectionTestUtils.getField(server, "server")).getServices()
			.stream()
			.flatMap((service) -> service.getMethods().stream())
			.map((method) -> method.getMethodDescriptor().getFullMethodName())
			.toList();
		assertThat(methods).hasSize(3);
		try (GrpcClient grpc = new GrpcClient(NettyChannelBuilder.forAddress("localhost", server.port())
			.sslContext(GrpcSslContexts.forClient()
				.trustManager(
						context.getBean(SslBundles.class).getBundle("client").getManagers().getTrustManagerFactory())
				.build()))) {
			for (String method : methods) {
				assertUnauthenticated(() -> call(grpc, method, null));
				assertUnauthenticated(() -> call(grpc, method, "Bearer wrong"));
				assertUnauthenticated(() -> call(grpc, method, TOKEN));
				assertUnauthenticated(() -> call(grpc, method, "Bearer " + PASSWORD.replaceAll("[^ -~]", "")));
				assertThat(call(grpc, method, "Bearer " + TOKEN)).isEmpty();
			}
		}
	}

	private static void assertUnauthenticated(Runnable call) {
		assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(call::run)
			.satisfies((ex) -> assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED))
			.withMessageContaining("sample.intake.token");
	}

	private static byte[] call(GrpcClient grpc, String method, @Nullable String authorization) {
		Metadata headers = new Metadata();
		if (authorization != null) {
			headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
		}
		return ClientCalls.blockingUnaryCall(
				ClientInterceptors.intercept(grpc.channel(), MetadataUtils.newAttachHeadersInterceptor(headers)),
				GrpcClient.method(method, MethodDescriptor.MethodType.UNARY),
				CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS), new byte[0]);
	}

	@Test
	void whatIsRefusedIsCountedAndNoSecretIsLogged(CapturedOutput output) {
		post("/v1/logs", "application/json", "{}".getBytes(StandardCharsets.UTF_8), "Bearer wrong-token");
		assertThat(context.getBean(IntakeStatistics.class).problems())
			.anySatisfy((problem) -> assertThat(problem.reason().label()).isEqualTo("unauthorized"));
		assertThat(output.getAll()).doesNotContain(TOKEN, PASSWORD, "wrong-token");
	}

	@Test
	void alertsAreInTheHealthAndAmongTheMeters() {
		assertThat(new Attempt("GET", "/actuator/health").with(basic("", PASSWORD)).body()).contains("\"alerts\":{",
				"\"silence\":{");
		assertThat(
				new Attempt("GET", "/actuator/metrics/alerts.limit?tag=rule:silence").with(basic("", PASSWORD)).body())
			.contains("\"value\":3600.0");
	}

	private static String found(String pattern, String text) {
		Matcher matcher = Pattern.compile(pattern).matcher(text);
		assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
		return matcher.group(1);
	}

}
