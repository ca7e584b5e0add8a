package io.observatory.storage.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

class StorageConfigTest {

	private static final String CANARY = "c4n4ry";

	private static final Map<String, String> PARTS = Map.of("DB_HOST", "db", "DB_NAME", "telemetry", "DB_USER", "app",
			"DB_PASSWORD", CANARY);

	// ---- the database

	@Test
	void partsWithDefaults() {
		StorageConfig config = StorageConfig.fromEnv(PARTS);
		assertThat(config.jdbcUrl()).isEqualTo("jdbc:postgresql://db:5432/telemetry");
		assertThat(config.user()).isEqualTo("app");
		assertThat(config.password()).isEqualTo(CANARY);
		assertThat(config.sslMode()).isNull();
		assertThat(config.applicationName()).isEqualTo("observatory-storage");
		assertThat(config.maxPoolSize()).isEqualTo(20);
		assertThat(config.minPoolSize()).isEqualTo(5);
		assertThat(config.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(config.idleTimeout()).isEqualTo(Duration.ofMinutes(5));
		assertThat(config.maxLifetime()).isEqualTo(Duration.ofMinutes(30));
		assertThat(config.retry()).isEqualTo(RetryConfig.DEFAULT);
	}

	@Test
	void allParts() {
		StorageConfig config = with("DB_PORT", "6543", "DB_SSL_MODE", "Verify-Full", "DB_APP_NAME", "shop");
		assertThat(config.jdbcUrl()).isEqualTo("jdbc:postgresql://db:6543/telemetry");
		assertThat(config.sslMode()).isEqualTo("verify-full");
		assertThat(config.applicationName()).isEqualTo("shop");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			10.0.0.1      | jdbc:postgresql://10.0.0.1:5432/telemetry
			::1           | jdbc:postgresql://[::1]:5432/telemetry
			[fe80::1]     | jdbc:postgresql://[fe80::1]:5432/telemetry
			a.example,b_1 | jdbc:postgresql://a.example:5432,b_1:5432/telemetry
			""")
	void hosts(String host, String jdbcUrl) {
		assertThat(with("DB_HOST", host).jdbcUrl()).isEqualTo(jdbcUrl);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			jdbc:postgresql://h/d?user=u&password=p                | jdbc:postgresql://h:5432/d
			jdbc:postgresql://u:p@h:1/d                            | jdbc:postgresql://h:1/d
			postgres://u:p@h/d                                     | jdbc:postgresql://h:5432/d
			postgresql://u:p@h:65535/d                             | jdbc:postgresql://h:65535/d
			postgres://u:p@[::1]:5433/d                            | jdbc:postgresql://[::1]:5433/d
			postgres://u:p@a:1,b/d?target_session_attrs=read-write | jdbc:postgresql://a:1,b:5432/d
			postgres://x:y@h/d?user=u&password=p                   | jdbc:postgresql://h:5432/d
			postgres://u:p@h/two%20words%2F%C3%BC                  | jdbc:postgresql://h:5432/two%20words%2F%C3%BC
			""")
	void databaseUrl(String url, String jdbcUrl) {
		StorageConfig config = StorageConfig.fromEnv(Map.of("DATABASE_URL", " " + url + "\n"));
		assertThat(config.jdbcUrl()).isEqualTo(jdbcUrl);
		assertThat(config.user()).isEqualTo("u");
		assertThat(config.password()).isEqualTo("p");
	}

	@Test
	void parametersGoToTheDriverByItsNames() {
		StorageConfig config = StorageConfig.fromEnv(
				Map.of("DATABASE_URL", "postgres://u:p@h/d?sslmode=require&application_name=a+b%26c&connect_timeout=3"
						+ "&target_session_attrs=read-write&channel_binding=require&options=-c%20geqo=off"));
		assertThat(config.sslMode()).isEqualTo("require");
		assertThat(config.applicationName()).isEqualTo("a+b&c");
		assertThat(config.driverParameters()).containsEntry("connectTimeout", "3")
			.containsEntry("targetServerType", "primary")
			.containsEntry("channelBinding", "require")
			.containsEntry("options", "-c geqo=off");
	}

	@Test
	void variablesFillInWhatTheUrlLeavesOut() {
		StorageConfig config = with("DATABASE_URL", "jdbc:postgresql://other:1/name", "DB_SSL_MODE", "require",
				"DB_APP_NAME", "shop");
		assertThat(config.jdbcUrl()).isEqualTo("jdbc:postgresql://other:1/name");
		assertThat(config.user()).isEqualTo("app");
		assertThat(config.password()).isEqualTo(CANARY);
		assertThat(config.sslMode()).isEqualTo("require");
		assertThat(config.applicationName()).isEqualTo("shop");
	}

	@Test
	void urlBeatsVariables() {
		StorageConfig config = with("DATABASE_URL", "postgres://u:p@h/d?sslmode=disable&ApplicationName=url",
				"DB_SSL_MODE", "require", "DB_APP_NAME", "shop");
		assertThat(config.user()).isEqualTo("u");
		assertThat(config.password()).isEqualTo("p");
		assertThat(config.sslMode()).isEqualTo("disable");
		assertThat(config.applicationName()).isEqualTo("url");
	}

	@Test
	void passwordIsOptionalAndTakenAsItIs() {
		assertThat(with("DB_PASSWORD", "").password()).isNull();
		assertThat(with("DB_PASSWORD", " p w ").password()).isEqualTo(" p w ");
		assertThat(with("DATABASE_URL", "postgres://u:@h/d").password()).isEqualTo(CANARY);
	}

	@Property(tries = 300)
	void encodedLoginIsReadBack(@ForAll("secrets") String user, @ForAll("secrets") String password,
			@ForAll("secrets") String name) {
		String url = "postgres://" + encode(user) + ":" + encode(password) + "@h/" + encode(name);
		StorageConfig config = StorageConfig.fromEnv(Map.of("DATABASE_URL", url));
		assertThat(config.user()).isEqualTo(user);
		assertThat(config.password()).isEqualTo(password);
		assertThat(Driver.parseURL(config.jdbcUrl(), null)).containsEntry("PGDBNAME", name);
	}

	@Property(tries = 300)
	void jdbcUrlMeansWhatItMeansToTheDriver(@ForAll("secrets") String user, @ForAll("secrets") String password,
			@ForAll("secrets") String name) {
		String url = "jdbc:postgresql://h:77/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20")
				+ "?user=" + URLEncoder.encode(user, StandardCharsets.UTF_8) + "&password="
				+ URLEncoder.encode(password, StandardCharsets.UTF_8);
		StorageConfig config = StorageConfig.fromEnv(Map.of("DATABASE_URL", url));
		Properties theirs = Driver.parseURL(url, null);
		assertThat(Driver.parseURL(config.jdbcUrl(), null)).containsEntry("PGHOST", theirs.getProperty("PGHOST"))
			.containsEntry("PGPORT", theirs.getProperty("PGPORT"))
			.containsEntry("PGDBNAME", theirs.getProperty("PGDBNAME"));
		assertThat(config.user()).isEqualTo(theirs.getProperty("user"));
		assertThat(config.password()).isEqualTo(theirs.getProperty("password"));
	}

	/** Not encoded, a password may make the URL wrong or not; it is never shown. */
	@Property(tries = 1000)
	void noRawPasswordIsShown(@ForAll("secrets") String before, @ForAll("secrets") String after) {
		String url = "postgres://app:" + before + CANARY + after + "@db.example/telemetry?sslmode=require";
		Map<String, String> variables = Map.of("DATABASE_URL", url, "DB_USER", "app");
		Throwable thrown = catchThrowable(
				() -> assertThat(StorageConfig.fromEnv(variables).toString()).doesNotContain(CANARY));
		if (thrown != null) {
			assertThat(thrown).isInstanceOf(IllegalArgumentException.class).hasNoCause();
			assertThat(thrown.getMessage()).startsWith("DATABASE_URL ").doesNotContain(CANARY);
		}
	}

	@Provide
	Arbitrary<String> secrets() {
		return Arbitraries.strings()
			.withChars("abc019 :/?#[]@!$&'()*+,;=%-._~\"\\|<>{}^`ü€")
			.ofMinLength(1)
			.ofMaxLength(12);
	}

	// ---- pool and retry

	@Test
	void poolAndRetryAreRead() {
		StorageConfig config = with("DB_POOL_MAX_SIZE", " 8 ", "DB_POOL_MIN_SIZE", "0", "DB_POOL_CONNECT_TIMEOUT",
				"250ms", "DB_POOL_IDLE_TIMEOUT", "10s", "DB_POOL_MAX_LIFETIME", "1h", "DB_RETRY_MAX_ATTEMPTS", "7",
				"DB_RETRY_INITIAL_BACKOFF", "50ms", "DB_RETRY_MULTIPLIER", "1.5", "DB_RETRY_MAX_BACKOFF", "3");
		assertThat(config.maxPoolSize()).isEqualTo(8);
		assertThat(config.minPoolSize()).isZero();
		assertThat(config.connectTimeout()).isEqualTo(Duration.ofMillis(250));
		assertThat(config.idleTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(config.maxLifetime()).isEqualTo(Duration.ofHours(1));
		assertThat(config.retry()).isEqualTo(new RetryConfig(7, Duration.ofMillis(50), 1.5, Duration.ofSeconds(3)));
	}

	@ParameterizedTest
	@CsvSource({ "7,PT7S", "7s,PT7S", "7 s,PT7S", "2m,PT2M", "1500ms,PT1.5S" })
	void durations(String text, Duration duration) {
		assertThat(with("DB_POOL_CONNECT_TIMEOUT", text).connectTimeout()).isEqualTo(duration);
	}

	@Test
	void zeroMeansNever() {
		StorageConfig config = with("DB_POOL_IDLE_TIMEOUT", "0", "DB_POOL_MAX_LIFETIME", "0");
		assertThat(config.idleTimeout()).isZero();
		assertThat(config.maxLifetime()).isZero();
	}

	@Test
	void emptyMeansNotSet() {
		assertThat(with("DATABASE_URL", "", "DB_PORT", "", "DB_SSL_MODE", " ", "DB_POOL_MAX_SIZE", "",
				"DB_RETRY_MAX_BACKOFF", ""))
			.hasToString(StorageConfig.fromEnv(PARTS).toString());
	}

	@Test
	void defaultsGiveWayToWhatIsSet() {
		assertThat(with("DB_POOL_MAX_SIZE", "3").minPoolSize()).isEqualTo(3);
		assertThat(with("DB_POOL_MAX_LIFETIME", "1m").idleTimeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(with("DB_RETRY_INITIAL_BACKOFF", "5s").retry().maxBackoff()).isEqualTo(Duration.ofSeconds(5));
		assertThat(with("DB_RETRY_MAX_BACKOFF", "100ms").retry().initialBackoff()).isEqualTo(Duration.ofMillis(100));
	}

	// ---- what is wrong is said, without what is in it

	@ParameterizedTest
	@CsvSource({ "DB_HOST,c4n4ry:5432", "DB_HOST,postgres://u:c4n4ry@h", "DB_HOST,'a,'", "DB_PORT,c4n4ry", "DB_PORT,0",
			"DB_PORT,65536", "DB_PORT,99999999999", "DB_SSL_MODE,c4n4ry", "DB_POOL_MAX_SIZE,c4n4ry",
			"DB_POOL_MAX_SIZE,0", "DB_POOL_MAX_SIZE,2.5", "DB_POOL_MIN_SIZE,-1", "DB_POOL_MIN_SIZE,21",
			"DB_POOL_CONNECT_TIMEOUT,249ms", "DB_POOL_CONNECT_TIMEOUT,0", "DB_POOL_CONNECT_TIMEOUT,11m",
			"DB_POOL_CONNECT_TIMEOUT,10 parsecs", "DB_POOL_CONNECT_TIMEOUT,-5", "DB_POOL_IDLE_TIMEOUT,9s",
			"DB_POOL_IDLE_TIMEOUT,30m", "DB_POOL_MAX_LIFETIME,29s", "DB_POOL_MAX_LIFETIME,999999999h",
			"DB_RETRY_MAX_ATTEMPTS,0", "DB_RETRY_MAX_ATTEMPTS,four", "DB_RETRY_INITIAL_BACKOFF,0",
			"DB_RETRY_INITIAL_BACKOFF,200s200", "DB_RETRY_MULTIPLIER,0.5", "DB_RETRY_MULTIPLIER,NaN",
			"DB_RETRY_MULTIPLIER,11", "DB_RETRY_MAX_BACKOFF,601" })
	void wrongValueNamesItsVariable(String name, String value) {
		assertThatIllegalArgumentException().isThrownBy(() -> with(name, value))
			.withMessageStartingWith(name + " must ")
			.withMessageNotContaining(CANARY)
			.withNoCause();
	}

	@Test
	void backoffsContradict() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> with("DB_RETRY_INITIAL_BACKOFF", "3s", "DB_RETRY_MAX_BACKOFF", "2s"))
			.withMessage("DB_RETRY_MAX_BACKOFF must not be shorter than DB_RETRY_INITIAL_BACKOFF");
	}

	@ParameterizedTest
	@ValueSource(strings = { "DB_HOST", "DB_NAME", "DB_USER" })
	void missingVariableIsNamed(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> with(name, " "))
			.withMessageStartingWith(name + " is not set")
			.withMessageContaining("DATABASE_URL");
	}

	@Test
	void nothingSet() {
		assertThatIllegalArgumentException().isThrownBy(() -> StorageConfig.fromEnv(Map.of()))
			.withMessageContaining("set DATABASE_URL, or DB_HOST, DB_NAME, DB_USER and DB_PASSWORD");
	}

	@ParameterizedTest
	@ValueSource(strings = { "mysql://u:c4n4ry@h/d", "c4n4ry", "jdbc:postgresql:d?password=c4n4ry",
			"postgres://u:c4n4ry@h", "postgres://u:c4n4ry@h/", "postgres:///d?password=c4n4ry",
			"postgres://u:c4n4ry@/d", "postgres://u:c4n4ry@h:x/d", "postgres://u:c4n4ry@h:0/d",
			"postgres://u:c4n4ry@h:65536/d", "postgres://u:c4n4ry@h,/d", "postgres://u:c4n4ry%@h/d",
			"postgres://u:c4n4ry%zz@h/d", "postgres://u:c4n4ry%00@h/d", "postgres://u:12/c4n4ry@h/d",
			"postgres://u:12/c4n4ry@h", "postgres://u:c4n/4ry@h/d", "postgres://u:c4n?4ry@h/d",
			"postgres://u:12/c4n4ry?@h/d?sslmode=require", "postgres://u:12/c4n4ry?x=@h/d?sslmode=require",
			"postgres://u:p@h/d?c4n4ry", "postgres://u:p@h/d?password=c4n4ry&4ry",
			"postgres://u:p@h/d?password=c4n4ry&sslmode=no-verify", "postgres://u:c4n4ry@h/d?sslmode=" })
	void wrongUrlIsNotShown(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> StorageConfig.fromEnv(Map.of("DATABASE_URL", url)))
			.withMessageStartingWith("DATABASE_URL ")
			.withMessageNotContaining("4ry")
			.withNoCause();
	}

	@Test
	void urlWithoutUser() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> StorageConfig.fromEnv(Map.of("DATABASE_URL", "jdbc:postgresql://h/d?password=c4n4ry")))
			.withMessageStartingWith("DB_USER is not set")
			.withMessageNotContaining(CANARY);
	}

	@Test
	void toStringMasksSecrets() {
		assertThat(StorageConfig.fromEnv(Map.of("DATABASE_URL",
				"postgres://app:c4n4ry@db/telemetry?sslmode=require&sslpassword=c4n4ry&options=c4n4ry")))
			.asString()
			.startsWith("StorageConfig[url=jdbc:postgresql://db:5432/telemetry, user=app, password=***, "
					+ "sslMode=require, applicationName=observatory-storage, pool=5..20, ")
			.doesNotContain(CANARY);
		assertThat(StorageConfig.fromEnv(PARTS)).asString().doesNotContain(CANARY);
	}

	private static StorageConfig with(String... namesAndValues) {
		Map<String, String> variables = new HashMap<>(PARTS);
		for (int i = 0; i < namesAndValues.length; i += 2) {
			variables.put(namesAndValues[i], namesAndValues[i + 1]);
		}
		return StorageConfig.fromEnv(variables);
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
	}

}
