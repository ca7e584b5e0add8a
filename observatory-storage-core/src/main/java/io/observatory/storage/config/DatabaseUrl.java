package io.observatory.storage.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The forms of {@code DATABASE_URL}. */
final class DatabaseUrl {

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

	private static final Map<String, String> LIBPQ_SESSIONS = Map.of("read-write", "primary", "read-only", "secondary",
			"standby", "secondary", "prefer-standby", "preferSecondary");

	private DatabaseUrl() {
	}

	static DatabaseTarget parse(String url) {
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
		return new DatabaseTarget(addresses(location[0].substring(at + 1)), name(location), parameters);
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
		if (sslMode != null && !StorageConfig.isSslMode(sslMode)) {
			throw wrong("has a wrong sslmode: it " + StorageConfig.SSL_MODE_RULE);
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
			port = (text != null) ? Integer.parseInt(text) : StorageConfig.DEFAULT_PORT;
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

	/** The usual reason is a password that is not encoded, and it must not be shown. */
	private static IllegalArgumentException wrong(String rule) {
		return new IllegalArgumentException("DATABASE_URL " + rule
				+ ". In user and password, write %25 for '%', %2F for '/', %3A for ':', %3F for '?', %40 for '@'");
	}

}
