package io.observatory.storage.bench;

import java.io.OutputStream;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;

/**
 * Does with a line all that an application's own appender does, but for the writing.
 */
public final class NullAppender extends OutputStreamAppender<ILoggingEvent> {

	@Override
	public void start() {
		setOutputStream(OutputStream.nullOutputStream());
		super.start();
	}

}
