package io.observatory.storage.capture.logback;

import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.spi.AppenderAttachable;
import io.observatory.storage.capture.CurrentSpan;
import io.observatory.storage.capture.TelemetryResource;
import io.observatory.storage.writer.LogWriter;
import org.slf4j.LoggerFactory;

/**
 * Adds an appender to Logback's root logger, from {@link #start start} to
 * {@link #close()}. Loggers that are not additive do not reach it.
 * <p>
 * Logback belongs to the whole process. If several applications run in it, the lines of
 * all of them reach the appender of each. Thread-safe.
 */
public final class LogbackCapture implements LoggerContextListener, AutoCloseable {

	private static final Set<LogbackCapture> STARTED = ConcurrentHashMap.newKeySet();

	private final LoggerContext context;

	private final ObservatoryAppender appender;

	private LogbackCapture(LoggerContext context, ObservatoryAppender appender) {
		this.context = context;
		this.appender = appender;
	}

	/**
	 * Starts to capture.
	 * @param writer the writer of the records
	 * @param resource this application
	 * @param currentSpan finds the span of a line
	 */
	public static LogbackCapture start(LogWriter writer, TelemetryResource resource, CurrentSpan currentSpan) {
		LoggerContext context = context();
		ObservatoryAppender appender = new ObservatoryAppender(writer, new LogbackMapping(resource, currentSpan));
		appender.setContext(context);
		LogbackCapture capture = new LogbackCapture(context, appender);
		STARTED.add(capture);
		capture.attach();
		return capture;
	}

	/**
	 * Attaches all appenders again after something has configured Logback again, as a
	 * Spring Boot application does when it starts beside another one.
	 */
	public static void reattachAll() {
		STARTED.forEach(LogbackCapture::attach);
	}

	/**
	 * Returns whether it is Logback that does the logging.
	 */
	public static boolean isPossible() {
		return LoggerFactory.getILoggerFactory() instanceof LoggerContext;
	}

	/**
	 * Returns whether log lines reach an appender of a class, directly or through other
	 * appenders.
	 * @param className the beginning of the name of the class
	 */
	public static boolean isAttached(String className) {
		return context().getLoggerList()
			.stream()
			.anyMatch((logger) -> isAttached(className, logger.iteratorForAppenders()));
	}

	private static boolean isAttached(String className, Iterator<? extends Appender<?>> appenders) {
		while (appenders.hasNext()) {
			Appender<?> appender = appenders.next();
			if (appender.getClass().getName().startsWith(className)
					|| appender instanceof AppenderAttachable<?> attachable
							&& isAttached(className, attachable.iteratorForAppenders())) {
				return true;
			}
		}
		return false;
	}

	private static LoggerContext context() {
		return (LoggerContext) LoggerFactory.getILoggerFactory();
	}

	private void attach() {
		if (!this.appender.isStarted()) {
			this.appender.start();
		}
		Logger root = this.context.getLogger(Logger.ROOT_LOGGER_NAME);
		if (!root.isAttached(this.appender)) {
			root.addAppender(this.appender);
		}
		if (!this.context.getCopyOfListenerList().contains(this)) {
			this.context.addListener(this);
		}
	}

	@Override
	public void close() {
		STARTED.remove(this);
		this.context.removeListener(this);
		this.context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(this.appender);
		this.appender.stop();
	}

	@Override
	public boolean isResetResistant() {
		return true;
	}

	@Override
	public void onReset(LoggerContext reset) {
		attach();
	}

	@Override
	public void onStart(LoggerContext started) {
	}

	@Override
	public void onStop(LoggerContext stopped) {
	}

	@Override
	public void onLevelChange(Logger logger, Level level) {
	}

}
