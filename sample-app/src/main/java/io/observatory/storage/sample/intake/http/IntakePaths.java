package io.observatory.storage.sample.intake.http;

import java.util.List;
import java.util.Objects;

import jakarta.servlet.http.HttpServletRequest;

/**
 * The paths that telemetry is sent to.
 */
public final class IntakePaths {

	private static final List<String> ROOTS = List.of("/v1", "/api/llm-spans", "/api/scores", "/api/public/otel");

	private IntakePaths() {
	}

	/** Returns whether a request sends telemetry. */
	public static boolean contain(HttpServletRequest request) {
		return ROOTS.stream().anyMatch((root) -> isUnder(root, request));
	}

	/** Returns them as the patterns of a servlet or filter. */
	static String[] patterns() {
		return ROOTS.stream().map((root) -> root + "/*").toArray(String[]::new);
	}

	/**
	 * Returns whether a request goes to a path or below it, by what the server has made
	 * of the path: in the URL it may be written in many ways.
	 */
	public static boolean isUnder(String path, HttpServletRequest request) {
		return (of(request) + "/").startsWith(path + "/");
	}

	/** Returns the path of a request, decoded. */
	static String of(HttpServletRequest request) {
		return request.getServletPath() + Objects.requireNonNullElse(request.getPathInfo(), "");
	}

}
