package io.observatory.storage.capture.logback;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.util.ReentryGuard;
import ch.qos.logback.core.util.ReentryGuardFactory;
import ch.qos.logback.core.util.ReentryGuardFactory.GuardType;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.session.Untraced;
import io.observatory.storage.writer.LogWriter;

/**
 * Offers each line to a {@link LogWriter}, in the thread that logs. The writer counts
 * lines that find no room in its buffer or cannot be stored; the thread does not wait.
 * Lines of this library, and of its threads, are left out.
 */
final class ObservatoryAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {

	private final LogWriter writer;

	private final LogbackMapping mapping;

	ObservatoryAppender(LogWriter writer, LogbackMapping mapping) {
		this.writer = writer;
		this.mapping = mapping;
		setName("observatory");
	}

	/**
	 * A line that is logged while a line is stored is not stored.
	 */
	@Override
	protected ReentryGuard buildReentryGuard() {
		return ReentryGuardFactory.makeGuard(GuardType.THREAD_LOCAL);
	}

	/** All of this library; the sample is an application. */
	private static boolean isOurs(String logger) {
		return logger.startsWith("io.observatory.storage.") && !logger.startsWith("io.observatory.storage.sample.");
	}

	@Override
	protected void append(ILoggingEvent event) {
		if (Untraced.isCurrent() || isOurs(event.getLoggerName())) {
			return;
		}
		try {
			this.writer.offerLog(this.mapping.log(event));
		}
		catch (StorageException ex) {
			// the writer counts it as refused, or is closed
		}
	}

}
