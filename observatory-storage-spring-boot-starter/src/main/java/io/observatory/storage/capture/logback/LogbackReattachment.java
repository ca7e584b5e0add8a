package io.observatory.storage.capture.logback;

import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.util.ClassUtils;

/**
 * Attaches the appenders of running applications again after another one that starts in
 * the same process has configured Logback.
 */
public final class LogbackReattachment implements ApplicationListener<ApplicationPreparedEvent> {

	@Override
	public void onApplicationEvent(ApplicationPreparedEvent event) {
		if (ClassUtils.isPresent("ch.qos.logback.classic.LoggerContext", getClass().getClassLoader())) {
			LogbackCapture.reattachAll();
		}
	}

}
