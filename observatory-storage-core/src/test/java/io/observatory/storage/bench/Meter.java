package io.observatory.storage.bench;

import java.lang.management.ManagementFactory;

import com.sun.management.OperatingSystemMXBean;

/**
 * Measures time, and the CPU time of the whole JVM, from its making until it is stopped.
 */
final class Meter {

	private static final OperatingSystemMXBean PROCESS = ManagementFactory
		.getPlatformMXBean(OperatingSystemMXBean.class);

	private final long cpu = PROCESS.getProcessCpuTime();

	private final long begun = System.nanoTime();

	Measurement stop(long rows) {
		double seconds = (System.nanoTime() - this.begun) / 1e9;
		double micros = (PROCESS.getProcessCpuTime() - this.cpu) / 1e3;
		return new Measurement(rows / seconds, micros / rows);
	}

}
