package io.observatory.storage.capture.micrometer;

import org.springframework.context.SmartLifecycle;

/**
 * Makes a registry publish its last step after everything was measured. Spring Boot
 * closes all registries as soon as the application begins to stop, before the web server
 * has answered its last requests.
 */
public final class LastStep implements SmartLifecycle {

	/** Below the web server's phases, above the one in which the writers are drained. */
	private static final int PHASE = DEFAULT_PHASE - 3072;

	private final ObservatoryMeterRegistry registry;

	private volatile boolean running;

	public LastStep(ObservatoryMeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void start() {
		this.registry.closeLater();
		this.running = true;
	}

	@Override
	public void stop() {
		this.registry.closeNow();
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

}
