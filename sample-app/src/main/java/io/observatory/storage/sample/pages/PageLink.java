package io.observatory.storage.sample.pages;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * A link to a page: its path and its state, in the query string.
 *
 * @param path the path, from the application's root
 * @param parameters the query's parameters, in order
 */
public record PageLink(String path, Map<String, String> parameters) {

	public static PageLink to(String path) {
		return new PageLink(path, Map.of());
	}

	/**
	 * The link with one parameter set; without it, if the value is null or empty.
	 */
	public PageLink with(String name, @Nullable Object value) {
		Map<String, String> changed = new LinkedHashMap<>(this.parameters);
		if (value == null || value.toString().isEmpty()) {
			changed.remove(name);
		}
		else {
			changed.put(name, value.toString());
		}
		return new PageLink(this.path, changed);
	}

	public PageLink without(String name) {
		return with(name, null);
	}

	/**
	 * The link to the same list as a file.
	 * @param extension {@code csv} or {@code jsonl}
	 */
	public PageLink file(String extension) {
		return new PageLink(this.path + "." + extension, this.parameters);
	}

	/**
	 * The URL, encoded.
	 */
	@Override
	public String toString() {
		if (this.parameters.isEmpty()) {
			return this.path;
		}
		return this.parameters.entrySet()
			.stream()
			.map((parameter) -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
			.collect(Collectors.joining("&", this.path + "?", ""));
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

}
