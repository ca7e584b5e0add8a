package io.observatory.storage.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Where the database is and how to pool connections to it, read from environment
 * variables. For programs without Spring. Immutable.
 * <p>
 * {@code DATABASE_URL} names the database in one of the forms
 * {@code jdbc:postgresql://host:5432/name?sslmode=require},
 * {@code postgresql://user:password@host:5432/name?sslmode=require} and
 * {@code postgres://…}; user, password, name and parameters are percent-encoded, several
 * hosts are divided by commas, and parameters are those of the driver or libpq's common
 * ones. What it leaves out is taken from {@code DB_USER}, {@code DB_PASSWORD},
 * {@code DB_SSL_MODE} and {@code DB_APP_NAME}. Without it, {@code DB_HOST},
 * {@code DB_PORT} and {@code DB_NAME} name the database.
 * <p>
 * {@code DB_POOL_MAX_SIZE}, {@code DB_POOL_MIN_SIZE}, {@code DB_POOL_CONNECT_TIMEOUT},
 * {@code DB_POOL_IDLE_TIMEOUT}, {@code DB_POOL_MAX_LIFETIME},
 * {@code DB_RETRY_MAX_ATTEMPTS}, {@code DB_RETRY_INITIAL_BACKOFF},
 * {@code DB_RETRY_MULTIPLIER} and {@code DB_RETRY_MAX_BACKOFF} are optional. A duration
 * is a number of seconds or has a unit: {@code 250ms}, {@code 10s}, {@code 5m},
 * {@code 1h}. An empty variable counts as not set. A default gives way to the value that
 * is set: a maximum of 3 connections lowers the default minimum to 3.
 * <p>
 * An exception names the variable and never shows what is in it.
 */
public final class StorageConfig {

	public static final int DEFAULT_PORT = 5432;

	public static final String DEFAULT_APPLICATION_NAME = "observatory-storage";

	public static final int DEFAULT_MAX_POOL_SIZE = 20;

	public static final int DEFAULT_MIN_POOL_SIZE = 5;

	public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

	public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofMinutes(5);

	public static final Duration DEFAULT_MAX_LIFETIME = Duration.ofMinutes(30);

	private static final Duration MIN_CONNECT_TIMEOUT = Duration.ofMillis(250);

	private static final Duration MAX_CONNECT_TIMEOUT = Duration.ofMinutes(10);

	private static final Duration MIN_IDLE_TIMEOUT = Duration.ofSeconds(10);

	private static final Duration MIN_MAX_LIFETIME = Duration.ofSeconds(30);

	private static final Duration MIN_BACKOFF = Duration.ofMillis(1);

	private static final Duration MAX_BACKOFF = Duration.ofMinutes(10);

	private static final Set<String> SSL_MODES = Set.of("disable", "allow", "prefer", "require", "verify-ca",
			"verify-full");

	static final String SSL_MODE_RULE = "must be disable, allow, prefer, require, verify-ca or verify-full";

	private final DatabaseTarget target;

	private final String user;

	private final @Nullable String password;

	private final int maxPoolSize;

	private final int minPoolSize;

	private final Duration connectTimeout;

	private final Duration idleTimeout;

	private final Duration maxLifetime;

	private final RetryConfig retry;

	private StorageConfig(EnvironmentVariables variables) {
		this.target = target(variables);
		this.user = user(variables, this.target);
		String inTarget = this.target.password();
		this.password = (inTarget != null) ? inTarget : variables.secret("DB_PASSWORD");
		this.maxPoolSize = variables.number("DB_POOL_MAX_SIZE", DEFAULT_MAX_POOL_SIZE, 1, 1000);
		this.minPoolSize = variables.number("DB_POOL_MIN_SIZE", Math.min(DEFAULT_MIN_POOL_SIZE, this.maxPoolSize), 0,
				1000);
		check(this.minPoolSize <= this.maxPoolSize, "DB_POOL_MIN_SIZE must not be greater than DB_POOL_MAX_SIZE ("
				+ DEFAULT_MAX_POOL_SIZE + " when it is not set)");
		this.connectTimeout = Objects.requireNonNullElse(
				variables.duration("DB_POOL_CONNECT_TIMEOUT", MIN_CONNECT_TIMEOUT, MAX_CONNECT_TIMEOUT),
				DEFAULT_CONNECT_TIMEOUT);
		this.maxLifetime = Objects.requireNonNullElse(
				variables.durationOrNever("DB_POOL_MAX_LIFETIME", MIN_MAX_LIFETIME), DEFAULT_MAX_LIFETIME);
		this.idleTimeout = Objects.requireNonNullElse(
				variables.durationOrNever("DB_POOL_IDLE_TIMEOUT", MIN_IDLE_TIMEOUT),
				defaultIdleTimeout(this.maxLifetime));
		check(this.maxLifetime.isZero() || this.idleTimeout.compareTo(this.maxLifetime.minusSeconds(1)) <= 0,
				"DB_POOL_IDLE_TIMEOUT must be shorter than DB_POOL_MAX_LIFETIME (" + show(DEFAULT_MAX_LIFETIME)
						+ " when it is not set) by a second or more");
		this.retry = retry(variables);
	}

	/**
	 * Reads the environment of this process.
	 * @return the configuration
	 * @throws IllegalArgumentException if a variable is missing or wrong
	 */
	public static StorageConfig fromEnv() {
		return fromEnv(System.getenv());
	}

	/**
	 * Reads the same variables from a map.
	 * @param variables the variables by name
	 * @return the configuration
	 * @throws IllegalArgumentException if a variable is missing or wrong
	 */
	public static StorageConfig fromEnv(Map<String, String> variables) {
		return new StorageConfig(new EnvironmentVariables(variables));
	}

	/** Returns the driver's URL, without user, password and parameters. */
	public String jdbcUrl() {
		return this.target.jdbcUrl();
	}

	public String user() {
		return this.user;
	}

	public String applicationName() {
		return this.target.parameters().getOrDefault("ApplicationName", DEFAULT_APPLICATION_NAME);
	}

	/** Returns the TLS mode, or null when the driver's own default applies. */
	public @Nullable String sslMode() {
		return this.target.parameters().get("sslmode");
	}

	public int maxPoolSize() {
		return this.maxPoolSize;
	}

	public int minPoolSize() {
		return this.minPoolSize;
	}

	/** Returns how long a caller waits for a connection, and one for its server. */
	public Duration connectTimeout() {
		return this.connectTimeout;
	}

	/** Returns how long a connection above the minimum may lie idle; zero for ever. */
	public Duration idleTimeout() {
		return this.idleTimeout;
	}

	/** Returns the age at which a connection is replaced; zero for never. */
	public Duration maxLifetime() {
		return this.maxLifetime;
	}

	public RetryConfig retry() {
		return this.retry;
	}

	/** Returns the password, or null when the driver is to look for it (.pgpass). */
	@Nullable String password() {
		return this.password;
	}

	/** Returns what was given to the driver. May hold secrets besides the password. */
	Map<String, String> driverParameters() {
		return this.target.parameters();
	}

	int hosts() {
		return this.target.hosts();
	}

	@Override
	public String toString() {
		return "StorageConfig[url=" + jdbcUrl() + ", user=" + this.user + ", password=***, sslMode=" + sslMode()
				+ ", applicationName=" + applicationName() + ", pool=" + this.minPoolSize + ".." + this.maxPoolSize
				+ ", connectTimeout=" + this.connectTimeout + ", idleTimeout=" + this.idleTimeout + ", maxLifetime="
				+ this.maxLifetime + ", retry=" + this.retry + "]";
	}

	private static DatabaseTarget target(EnvironmentVariables variables) {
		String url = variables.text("DATABASE_URL");
		DatabaseTarget target = (url != null) ? DatabaseUrl.parse(url) : target(variables.required("DB_HOST"),
				variables.number("DB_PORT", DEFAULT_PORT, 1, 65_535), variables.required("DB_NAME"));
		target.putIfAbsent("ApplicationName", variables.text("DB_APP_NAME"));
		String sslMode = variables.text("DB_SSL_MODE");
		check(sslMode == null || isSslMode(sslMode), "DB_SSL_MODE " + SSL_MODE_RULE);
		if (!target.parameters().containsKey("ssl")) {
			target.putIfAbsent("sslmode", (sslMode != null) ? sslMode.toLowerCase(Locale.ROOT) : null);
		}
		return target;
	}

	static boolean isSslMode(String text) {
		return SSL_MODES.contains(text.toLowerCase(Locale.ROOT));
	}

	private static DatabaseTarget target(String hosts, int port, String name) {
		List<String> addresses = new ArrayList<>();
		for (String host : hosts.split(",", -1)) {
			// the colons of an IPv6 address need brackets beside the one of the port
			String address = (host.indexOf(':') != host.lastIndexOf(':') && !host.startsWith("[")) ? "[" + host + "]"
					: host;
			check(DatabaseUrl.HOST.matcher(address).matches(), "DB_HOST must be a host name or an address, "
					+ "several divided by commas; the port belongs into DB_PORT, a URL into DATABASE_URL");
			addresses.add(address + ":" + port);
		}
		return new DatabaseTarget(addresses, name, new LinkedHashMap<>());
	}

	private static String user(EnvironmentVariables variables, DatabaseTarget target) {
		String inTarget = target.parameters().get("user");
		String user = (inTarget != null) ? inTarget : variables.text("DB_USER");
		if (user == null) {
			throw new IllegalArgumentException("DB_USER is not set: set it, or put the user into DATABASE_URL "
					+ "(postgresql://user:password@host:5432/name)");
		}
		return user;
	}

	private static Duration defaultIdleTimeout(Duration maxLifetime) {
		return maxLifetime.isZero() ? DEFAULT_IDLE_TIMEOUT : shorter(DEFAULT_IDLE_TIMEOUT, maxLifetime.dividedBy(2));
	}

	private static RetryConfig retry(EnvironmentVariables variables) {
		RetryConfig defaults = RetryConfig.DEFAULT;
		int maxAttempts = variables.number("DB_RETRY_MAX_ATTEMPTS", defaults.maxAttempts(), 1, 1000);
		double multiplier = variables.decimal("DB_RETRY_MULTIPLIER", defaults.multiplier(), 1, 10);
		Duration givenMax = variables.duration("DB_RETRY_MAX_BACKOFF", MIN_BACKOFF, MAX_BACKOFF);
		Duration givenInitial = variables.duration("DB_RETRY_INITIAL_BACKOFF", MIN_BACKOFF, MAX_BACKOFF);
		Duration max = (givenMax != null) ? givenMax
				: longer(defaults.maxBackoff(), Objects.requireNonNullElse(givenInitial, Duration.ZERO));
		Duration initial = (givenInitial != null) ? givenInitial : shorter(defaults.initialBackoff(), max);
		check(max.compareTo(initial) >= 0, "DB_RETRY_MAX_BACKOFF must not be shorter than DB_RETRY_INITIAL_BACKOFF");
		return new RetryConfig(maxAttempts, initial, multiplier, max);
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) <= 0) ? one : other;
	}

	private static Duration longer(Duration one, Duration other) {
		return (one.compareTo(other) >= 0) ? one : other;
	}

	static String show(Duration duration) {
		return (duration.toMillis() % 1000 == 0) ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
	}

	static void check(boolean valid, String message) {
		if (!valid) {
			throw new IllegalArgumentException(message);
		}
	}

}
