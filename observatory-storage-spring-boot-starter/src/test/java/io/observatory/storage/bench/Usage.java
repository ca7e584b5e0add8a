package io.observatory.storage.bench;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

/**
 * What the whole JVM has used: all threads', those of the writers, of the compiler and of
 * the garbage collector too. Threads that end meanwhile are not in what is allocated.
 *
 * @param cpuNanos CPU time
 * @param allocated bytes by the thread's id
 */
record Usage(long cpuNanos, Map<Long, Long> allocated) {

	private static final OperatingSystemMXBean PROCESS = ManagementFactory
		.getPlatformMXBean(OperatingSystemMXBean.class);

	private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

	static Usage now() {
		Map<Long, Long> allocated = new HashMap<>();
		long[] threads = THREADS.getAllThreadIds();
		long[] bytes = THREADS.getThreadAllocatedBytes(threads);
		for (int i = 0; i < threads.length; i++) {
			allocated.put(threads[i], Math.max(bytes[i], 0));
		}
		return new Usage(PROCESS.getProcessCpuTime(), allocated);
	}

	/** Returns what was used since then. */
	static Cost since(Usage earlier) {
		Usage now = now();
		long bytes = 0;
		for (Map.Entry<Long, Long> thread : now.allocated().entrySet()) {
			bytes += thread.getValue() - earlier.allocated().getOrDefault(thread.getKey(), 0L);
		}
		return new Cost((now.cpuNanos() - earlier.cpuNanos()) / 1e3, bytes);
	}

	/**
	 * What something costs.
	 *
	 * @param micros CPU time in microseconds
	 * @param bytes what is allocated
	 */
	record Cost(double micros, double bytes) {

		Cost each(long count) {
			return new Cost(this.micros / count, this.bytes / count);
		}

	}

}
