package io.observatory.storage.bench;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

/**
 * Measures from its making until it is stopped. The threads whose allocation is to be
 * counted must live until then.
 */
final class Meter {

	private static final OperatingSystemMXBean PROCESS = ManagementFactory
		.getPlatformMXBean(OperatingSystemMXBean.class);

	private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

	private final Map<Long, Long> allocated = allocated();

	private final long cpu = PROCESS.getProcessCpuTime();

	private final long begun = System.nanoTime();

	Measurement stop(long rows) {
		double seconds = (System.nanoTime() - this.begun) / 1e9;
		double micros = (PROCESS.getProcessCpuTime() - this.cpu) / 1e3;
		long bytes = 0;
		for (Map.Entry<Long, Long> thread : allocated().entrySet()) {
			bytes += thread.getValue() - this.allocated.getOrDefault(thread.getKey(), 0L);
		}
		return new Measurement(rows / seconds, micros / rows, (double) bytes / rows);
	}

	/** Returns what each living thread has allocated in its life. */
	private static Map<Long, Long> allocated() {
		Map<Long, Long> allocated = new HashMap<>();
		long[] threads = THREADS.getAllThreadIds();
		long[] bytes = THREADS.getThreadAllocatedBytes(threads);
		for (int i = 0; i < threads.length; i++) {
			if (bytes[i] >= 0) {
				allocated.put(threads[i], bytes[i]);
			}
		}
		return allocated;
	}

}
