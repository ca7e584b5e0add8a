package io.observatory.storage.sample.demo;

import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.observatory.storage.error.StorageException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Writes made-up traffic at a steady rate, from one thread, and logs its progress once a
 * second. Records that a full buffer refuses are counted and not written again. It stops
 * before the writers do.
 */
final class DemoLoad implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(DemoLoad.class);

	private static final int TICK_MILLIS = 50;

	/** Bounds what is written at once, and so how much is made up for after a pause. */
	private static final int MAX_CONVERSATIONS_A_TICK = 1000;

	private final double conversationsPerNano;

	private final DemoTraffic traffic;

	private final DemoWriters writers;

	private volatile @Nullable Thread thread;

	DemoLoad(int recordsPerSecond, DemoTraffic traffic, DemoWriters writers) {
		this.conversationsPerNano = (double) recordsPerSecond / Conversation.RECORDS / TimeUnit.SECONDS.toNanos(1);
		this.traffic = traffic;
		this.writers = writers;
	}

	@Override
	public void start() {
		Thread started = new Thread(this::run, "demo-load");
		started.setDaemon(true);
		this.thread = started;
		started.start();
	}

	@Override
	public void stop() {
		Thread stopped = this.thread;
		this.thread = null;
		if (stopped != null) {
			awaitEnd(stopped);
		}
	}

	@Override
	public boolean isRunning() {
		return this.thread != null;
	}

	private void run() {
		define();
		DemoProgress progress = new DemoProgress(this.writers);
		double owed = 0;
		long last = System.nanoTime();
		while (this.thread == Thread.currentThread()) {
			pause();
			long now = System.nanoTime();
			owed = Math.min(owed + (now - last) * this.conversationsPerNano, MAX_CONVERSATIONS_A_TICK);
			last = now;
			write((int) owed, progress);
			owed -= (int) owed;
			progress.say();
		}
	}

	private void define() {
		try {
			this.writers.define(this.traffic.metrics());
		}
		catch (StorageException ex) {
			logger.warn("Demo: the metrics were not taken: {}", ex.getMessage());
		}
	}

	private void write(int conversations, DemoProgress progress) {
		if (conversations == 0) {
			return;
		}
		try {
			this.writers.write(Stream.generate(this.traffic::next).limit(conversations).toList());
			progress.written((long) conversations * Conversation.RECORDS);
		}
		catch (StorageException ex) {
			progress.refused((long) conversations * Conversation.RECORDS);
		}
	}

	private static void pause() {
		try {
			Thread.sleep(TICK_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void awaitEnd(Thread thread) {
		try {
			thread.join(TimeUnit.SECONDS.toMillis(5));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
