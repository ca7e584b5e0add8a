package io.observatory.storage.bench;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

/**
 * What the whole JVM has used: all threads', those of the writers, of the compiler and of
 * the garbage collector too. The server is another process. What a thread has allocated
 * is not known any more when it has ended; how many these were is.
 *
 * @param cpuNanos CPU time
 * @param allocated bytes by the thread's id
 * @param started how many threads have ever been started
 */
record Usage(long cpuNanos, Map<Long, Long> allocated, long started) {

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
		return new Usage(PROCESS.getProcessCpuTime(), allocated, THREADS.getTotalStartedThreadCount());
	}

	/** Returns what was used since then. */
	static Cost since(Usage earlier) {
		Usage now = now();
		long bytes = 0;
		for (Map.Entry<Long, Long> thread : now.allocated().entrySet()) {
			bytes += thread.getValue() - earlier.allocated().getOrDefault(thread.getKey(), 0L);
		}
		long ended = earlier.allocated().size() + now.started() - earlier.started() - now.allocated().size();
		return new Cost((now.cpuNanos() - earlier.cpuNanos()) / 1e3, bytes, ended);
	}

	/**
	 * What something costs.
	 *
	 * @param micros CPU time in microseconds
	 * @param bytes what is allocated
	 * @param ended how many threads ended meanwhile, whose bytes are missing
	 */
	record Cost(double micros, double bytes, long ended) {

		Cost each(long count) {
			return new Cost(this.micros / count, this.bytes / count, this.ended);
		}

	}

}
