package io.observatory.storage.capture;

import java.util.Set;
import java.util.function.Supplier;

import io.observatory.storage.session.Untraced;
import org.jspecify.annotations.Nullable;

/**
 * What this library does itself, which nobody is to capture: a flush that became a span
 * would be flushed, and become a span.
 * <p>
 * A thread of ours is known by its name, which begins with {@code observatory-}. What is
 * done on a thread of the application goes through {@link #call}.
 */
public final class OwnWork {

	private static final String THREAD_PREFIX = "observatory-";

	private static final String BASE_PACKAGE = "io.observatory.storage.";

	private static final Set<String> LOGGING_PACKAGES = Set.of("actuate", "autoconfigure", "buffer", "capture",
			"config", "deadletter", "engine", "sending", "session", "upkeep", "spring", "writer");

	private static final ThreadLocal<Boolean> CALLING = new ThreadLocal<>();

	private OwnWork() {
	}

	/**
	 * Returns whether the current thread works for this library.
	 */
	public static boolean isCurrent() {
		return CALLING.get() != null || Thread.currentThread().getName().startsWith(THREAD_PREFIX);
	}

	/**
	 * Does something on the current thread that is not to be captured.
	 */
	public static <T extends @Nullable Object> T call(Supplier<T> work) {
		if (CALLING.get() != null) {
			return work.get();
		}
		CALLING.set(true);
		try {
			return Untraced.call(work);
		}
		finally {
			CALLING.remove();
		}
	}

	/**
	 * Returns whether a logger is one of this library's.
	 */
	public static boolean isLogger(String name) {
		if (!name.startsWith(BASE_PACKAGE)) {
			return false;
		}
		int end = name.indexOf('.', BASE_PACKAGE.length());
		return end > 0 && LOGGING_PACKAGES.contains(name.substring(BASE_PACKAGE.length(), end));
	}

}
