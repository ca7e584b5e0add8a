package io.observatory.storage.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Which database, and what the driver is told about it. */
final class DatabaseTarget {

	private final String jdbcUrl;

	private final int hosts;

	private final Map<String, String> parameters;

	DatabaseTarget(List<String> addresses, String name, Map<String, String> parameters) {
		this.jdbcUrl = "jdbc:postgresql://" + String.join(",", addresses) + "/"
				+ URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
		this.hosts = addresses.size();
		this.parameters = parameters;
	}

	@Nullable String password() {
		return this.parameters.get("password");
	}

	String jdbcUrl() {
		return this.jdbcUrl;
	}

	int hosts() {
		return this.hosts;
	}

	/** Returns what was given to the driver. May hold secrets besides the password. */
	Map<String, String> parameters() {
		return this.parameters;
	}

	void putIfAbsent(String name, @Nullable String value) {
		if (value != null) {
			this.parameters.putIfAbsent(name, value);
		}
	}

}
