package io.observatory.storage.config;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

	private static final Duration LONGEST = Duration.ofDays(365);

	private static final Duration MIN_BACKOFF = Duration.ofMillis(1);

	private static final Duration MAX_BACKOFF = Duration.ofMinutes(10);

	private static final Set<String> SSL_MODES = Set.of("disable", "allow", "prefer", "require", "verify-ca",
			"verify-full");

	private static final String SSL_MODE_RULE = "must be disable, allow, prefer, require, verify-ca or verify-full";

	private final Target target;

	private final String user;

	private final @Nullable String password;

	private final int maxPoolSize;

	private final int minPoolSize;

	private final Duration connectTimeout;

	private final Duration idleTimeout;

	private final Duration maxLifetime;

	private final RetryConfig retry;

	private StorageConfig(Variables variables) {
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
		return new StorageConfig(new Variables(variables));
	}

	/** Returns the driver's URL, without user, password and parameters. */
	public String jdbcUrl() {
		return this.target.jdbcUrl;
	}

	public String user() {
		return this.user;
	}

	public String applicationName() {
		return this.target.parameters.getOrDefault("ApplicationName", DEFAULT_APPLICATION_NAME);
	}

	/** Returns the TLS mode, or null when the driver's own default applies. */
	public @Nullable String sslMode() {
		return this.target.parameters.get("sslmode");
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
		return this.target.parameters;
	}

	int hosts() {
		return this.target.hosts;
	}

	@Override
	public String toString() {
		return "StorageConfig[url=" + jdbcUrl() + ", user=" + this.user + ", password=***, sslMode=" + sslMode()
				+ ", applicationName=" + applicationName() + ", pool=" + this.minPoolSize + ".." + this.maxPoolSize
				+ ", connectTimeout=" + this.connectTimeout + ", idleTimeout=" + this.idleTimeout + ", maxLifetime="
				+ this.maxLifetime + ", retry=" + this.retry + "]";
	}

	private static Target target(Variables variables) {
		String url = variables.text("DATABASE_URL");
		Target target = (url != null) ? DatabaseUrl.parse(url) : target(variables.required("DB_HOST"),
				variables.number("DB_PORT", DEFAULT_PORT, 1, 65_535), variables.required("DB_NAME"));
		target.putIfAbsent("ApplicationName", variables.text("DB_APP_NAME"));
		String sslMode = variables.text("DB_SSL_MODE");
		check(sslMode == null || SSL_MODES.contains(sslMode.toLowerCase(Locale.ROOT)), "DB_SSL_MODE " + SSL_MODE_RULE);
		if (!target.parameters.containsKey("ssl")) {
			target.putIfAbsent("sslmode", (sslMode != null) ? sslMode.toLowerCase(Locale.ROOT) : null);
		}
		return target;
	}

	private static Target target(String hosts, int port, String name) {
		List<String> addresses = new ArrayList<>();
		for (String host : hosts.split(",", -1)) {
			// the colons of an IPv6 address need brackets beside the one of the port
			String address = (host.indexOf(':') != host.lastIndexOf(':') && !host.startsWith("[")) ? "[" + host + "]"
					: host;
			check(DatabaseUrl.HOST.matcher(address).matches(), "DB_HOST must be a host name or an address, "
					+ "several divided by commas; the port belongs into DB_PORT, a URL into DATABASE_URL");
			addresses.add(address + ":" + port);
		}
		return new Target(addresses, name, new LinkedHashMap<>());
	}

	private static String user(Variables variables, Target target) {
		String inTarget = target.parameters.get("user");
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

	private static RetryConfig retry(Variables variables) {
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

	private static String show(Duration duration) {
		return (duration.toMillis() % 1000 == 0) ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
	}

	private static void check(boolean valid, String message) {
		if (!valid) {
			throw new IllegalArgumentException(message);
		}
	}

	/** Which database, and what the driver is told about it. */
	private static final class Target {

		private final String jdbcUrl;

		private final int hosts;

		private final Map<String, String> parameters;

		Target(List<String> addresses, String name, Map<String, String> parameters) {
			this.jdbcUrl = "jdbc:postgresql://" + String.join(",", addresses) + "/"
					+ URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
			this.hosts = addresses.size();
			this.parameters = parameters;
		}

		@Nullable String password() {
			return this.parameters.get("password");
		}

		void putIfAbsent(String name, @Nullable String value) {
			if (value != null) {
				this.parameters.putIfAbsent(name, value);
			}
		}

	}

	/** The forms of {@code DATABASE_URL}. */
	private static final class DatabaseUrl {

		private static final String NAME = "[\\p{L}\\p{N}._-]+";

		static final Pattern HOST = Pattern.compile(NAME + "|\\[[0-9a-fA-F:.]+]");

		private static final Pattern ADDRESS = Pattern.compile("(?<host>" + HOST + ")(?::(?<port>[0-9]{1,5}))?");

		private static final Pattern PARAMETER = Pattern.compile("[A-Za-z_]+");

		private static final String DRIVER_PREFIX = "jdbc:postgresql://";

		private static final List<String> PREFIXES = List.of(DRIVER_PREFIX, "postgresql://", "postgres://");

		/** What libpq calls otherwise than the driver. */
		private static final Map<String, String> LIBPQ_NAMES = Map.of("application_name", "ApplicationName",
				"connect_timeout", "connectTimeout", "target_session_attrs", "targetServerType", "channel_binding",
				"channelBinding", "gssencmode", "gssEncMode", "sslnegotiation", "sslNegotiation");

		private static final Map<String, String> LIBPQ_SESSIONS = Map.of("read-write", "primary", "read-only",
				"secondary", "standby", "secondary", "prefer-standby", "preferSecondary");

		private DatabaseUrl() {
		}

		static Target parse(String url) {
			String prefix = PREFIXES.stream()
				.filter(url::startsWith)
				.findFirst()
				.orElseThrow(() -> wrong("must begin with " + String.join(", ", PREFIXES)));
			String rest = url.substring(prefix.length());
			String[] parts = rest.split("\\?", 2);
			String[] location = parts[0].split("/", 2);
			Map<String, String> parameters = new LinkedHashMap<>();
			int at = location[0].lastIndexOf('@');
			if (at >= 0) {
				readLogin(location[0].substring(0, at), parameters);
			}
			if (parts.length == 2) {
				boolean drivers = prefix.equals(DRIVER_PREFIX);
				if (!drivers && parts[1].contains("@")) {
					// a password with '/' and '?', its first part about to pass as the
					// name of a database
					throw wrong("has an '@' after the '?'");
				}
				readParameters(parts[1], drivers, parameters);
			}
			parameters.remove("user", "");
			parameters.remove("password", "");
			checkSslMode(parameters);
			return new Target(addresses(location[0].substring(at + 1)), name(location), parameters);
		}

		private static void readLogin(String login, Map<String, String> parameters) {
			String[] parts = login.split(":", 2);
			parameters.put("user", decode(parts[0]));
			if (parts.length == 2) {
				parameters.put("password", decode(parts[1]));
			}
		}

		private static void readParameters(String query, boolean plusIsSpace, Map<String, String> parameters) {
			for (String parameter : query.split("&")) {
				String[] parts = (plusIsSpace ? parameter.replace("+", "%20") : parameter).split("=", 2);
				if (parts.length != 2 || !PARAMETER.matcher(parts[0]).matches()) {
					throw wrong("needs name=value for each parameter after '?'");
				}
				String name = parts[0];
				String value = decode(parts[1]);
				parameters.put(LIBPQ_NAMES.getOrDefault(name, name),
						name.equals("target_session_attrs") ? LIBPQ_SESSIONS.getOrDefault(value, value) : value);
			}
		}

		private static void checkSslMode(Map<String, String> parameters) {
			String sslMode = parameters.get("sslmode");
			if (sslMode != null && !SSL_MODES.contains(sslMode.toLowerCase(Locale.ROOT))) {
				throw wrong("has a wrong sslmode: it " + SSL_MODE_RULE);
			}
		}

		private static List<String> addresses(String hosts) {
			List<String> addresses = new ArrayList<>();
			for (String host : hosts.split(",", -1)) {
				addresses.add(address(ADDRESS.matcher(host)));
			}
			return addresses;
		}

		private static String address(Matcher address) {
			int port = -1;
			if (address.matches()) {
				String text = address.group("port");
				port = (text != null) ? Integer.parseInt(text) : DEFAULT_PORT;
			}
			if (port < 1 || port > 65_535) {
				throw wrong("needs host or host:port, several divided by commas, after '//' and the login");
			}
			return address.group("host") + ":" + port;
		}

		private static String name(String[] location) {
			if (location.length < 2 || location[1].isEmpty()) {
				throw wrong("names no database: it must end with /name, before the '?' of the parameters");
			}
			if (location[1].contains("/") || location[1].contains("@")) {
				throw wrong("has a second '/' or an '@' after the host");
			}
			return decode(location[1]);
		}

		private static String decode(String text) {
			String decoded;
			try {
				decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
			}
			catch (IllegalArgumentException ex) {
				// not as a cause: its message shows the text
				throw wrong("has a '%' that is not followed by two hexadecimal digits");
			}
			if (decoded.indexOf('\0') >= 0) {
				throw wrong("holds the character %00");
			}
			return decoded;
		}

		/**
		 * The usual reason is a password that is not encoded, and it must not be shown.
		 */
		private static IllegalArgumentException wrong(String rule) {
			return new IllegalArgumentException("DATABASE_URL " + rule
					+ ". In user and password, write %25 for '%', %2F for '/', %3A for ':', %3F for '?', %40 for '@'");
		}

	}

	/** Reads variables; what is empty counts as not set. */
	private static final class Variables {

		private static final Pattern DURATION = Pattern.compile("(?<number>[0-9]{1,9}) ?(?<unit>ms|s|m|h)?");

		private static final String DURATION_RULE = "must be a number of seconds or have a unit "
				+ "(250ms, 10s, 5m, 1h) and lie between ";

		private final Map<String, String> values;

		Variables(Map<String, String> values) {
			this.values = values;
		}

		@Nullable String text(String name) {
			String value = this.values.get(name);
			return (value == null || value.isBlank()) ? null : value.strip();
		}

		/** A password may begin or end with a space. */
		@Nullable String secret(String name) {
			String value = this.values.get(name);
			return (value == null || value.isEmpty()) ? null : value;
		}

		String required(String name) {
			String value = text(name);
			if (value == null) {
				throw new IllegalArgumentException(
						name + " is not set: set DATABASE_URL, or DB_HOST, DB_NAME, DB_USER and DB_PASSWORD");
			}
			return value;
		}

		int number(String name, int defaultValue, int min, int max) {
			String text = text(name);
			if (text == null) {
				return defaultValue;
			}
			int value = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
			check(value >= min && value <= max, name + " must be a whole number between " + min + " and " + max);
			return value;
		}

		double decimal(String name, double defaultValue, int min, int max) {
			String text = text(name);
			if (text == null) {
				return defaultValue;
			}
			double value = text.matches("[0-9]{1,9}([.][0-9]{1,9})?") ? Double.parseDouble(text) : -1;
			check(value >= min && value <= max,
					name + " must be a number between " + min + " and " + max + ", such as 1.5");
			return value;
		}

		/** Returns null when the variable is not set. */
		@Nullable Duration duration(String name, Duration min, Duration max) {
			String text = text(name);
			if (text == null) {
				return null;
			}
			Matcher matcher = DURATION.matcher(text);
			Duration value = matcher.matches() ? duration(matcher) : Duration.ZERO;
			check(value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
					name + " " + DURATION_RULE + show(min) + " and " + show(max));
			return value;
		}

		/** As {@link #duration}, with 0 for "never". */
		@Nullable Duration durationOrNever(String name, Duration min) {
			return "0".equals(text(name)) ? Duration.ZERO : duration(name, min, LONGEST);
		}

		private static Duration duration(Matcher matcher) {
			long number = Long.parseLong(matcher.group("number"));
			String unit = matcher.group("unit");
			return switch ((unit != null) ? unit : "s") {
				case "ms" -> Duration.ofMillis(number);
				case "m" -> Duration.ofMinutes(number);
				case "h" -> Duration.ofHours(number);
				default -> Duration.ofSeconds(number);
			};
		}

	}

}
