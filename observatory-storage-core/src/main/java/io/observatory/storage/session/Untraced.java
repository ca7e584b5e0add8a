package io.observatory.storage.session;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Work of this library's own, which nobody is to trace or capture: a flush that became a
 * span would be exported, stored by a flush, and so on for ever. Such work is known by a
 * mark of its thread ({@link #isCurrent()}), which a thread of the application has only
 * while it is in here.
 * <p>
 * OpenTelemetry's Java agent, which instruments JDBC and scheduled methods, whosever they
 * are, makes no spans of it. The means is the one by which the agent leaves out the
 * requests of its own exporters: a mark in its context, which goes with the thread. It is
 * looked up in the agent, on the boot class path, so that a program needs no library for
 * it. Without an agent, or with one that has no such means, the work is simply done.
 * Thread-safe.
 */
public final class Untraced {

	/** Where version 2.30 of the agent has it, and where 2.26 does. */
	private static final List<String> NAMES = List.of(
			"io.opentelemetry.javaagent.shaded.io.opentelemetry.api.impl.InstrumentationUtil",
			"io.opentelemetry.javaagent.shaded.io.opentelemetry.api.internal.InstrumentationUtil");

	private static final @Nullable MethodHandle SUPPRESS = find();

	private static final ThreadLocal<Boolean> CURRENT = new ThreadLocal<>();

	private Untraced() {
	}

	private static @Nullable MethodHandle find() {
		for (String name : NAMES) {
			try {
				return MethodHandles.publicLookup()
					.findStatic(Class.forName(name, true, null), "suppressInstrumentation",
							MethodType.methodType(void.class, Runnable.class));
			}
			catch (ReflectiveOperationException | LinkageError ex) {
				// there is no agent, or another one
			}
		}
		return null;
	}

	/** Returns whether the current thread is at work that is not to be traced. */
	public static boolean isCurrent() {
		return CURRENT.get() != null;
	}

	/**
	 * Does something on the current thread that is not to be traced. What it throws is
	 * thrown.
	 */
	public static void run(Runnable work) {
		if (isCurrent()) {
			work.run();
			return;
		}
		CURRENT.set(true);
		try {
			suppressed(work);
		}
		finally {
			CURRENT.remove();
		}
	}

	private static void suppressed(Runnable work) {
		if (SUPPRESS == null) {
			work.run();
			return;
		}
		try {
			SUPPRESS.invokeExact(work);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			// a Runnable throws nothing else
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Does something on the current thread that is not to be traced, and returns its
	 * result. What it throws is thrown.
	 */
	public static <T extends @Nullable Object> T call(Supplier<T> work) {
		List<T> result = new ArrayList<>(1);
		run(() -> result.add(work.get()));
		return result.get(0);
	}

	/**
	 * Returns a task that does the same work, not to be traced.
	 */
	public static Runnable task(Runnable work) {
		return () -> run(work);
	}

	/**
	 * Returns a daemon thread for work that is not to be traced; it has not started yet.
	 */
	public static Thread daemon(Runnable work, String name) {
		Thread thread = new Thread(task(work), name);
		thread.setDaemon(true);
		return thread;
	}

}
