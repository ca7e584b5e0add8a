package io.observatory.storage.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.observatory.storage.writer.Writer;

/**
 * Producers that write records at a steady rate, a thread for each subject, and enter
 * what is accepted into the ledger. What is refused is not written again.
 */
final class Traffic implements AutoCloseable {

	private final Ledger ledger;

	private final List<Thread> producers = new ArrayList<>();

	private volatile boolean over;

	Traffic(Ledger ledger) {
		this.ledger = ledger;
	}

	/** Starts to write so many records a second. */
	Traffic start(Writer writer, Subject subject, int perSecond) {
		Thread producer = new Thread(() -> produce(writer, subject, perSecond), "producer-" + subject.table());
		producer.setDaemon(true);
		producer.start();
		this.producers.add(producer);
		return this;
	}

	/** Stops the producers, and waits for them. */
	@Override
	public void close() {
		this.over = true;
		this.producers.forEach(LockSupport::unpark);
		try {
			for (Thread producer : this.producers) {
				producer.join(Duration.ofSeconds(60).toMillis());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void produce(Writer writer, Subject subject, int perSecond) {
		long begun = System.nanoTime();
		for (long number = 0; !this.over; number++) {
			long due = begun + TimeUnit.SECONDS.toNanos(number) / perSecond;
			for (long left = due - System.nanoTime(); left > 0 && !this.over; left = due - System.nanoTime()) {
				LockSupport.parkNanos(this, left);
			}
			this.ledger.write(writer, subject, number);
		}
	}

}
