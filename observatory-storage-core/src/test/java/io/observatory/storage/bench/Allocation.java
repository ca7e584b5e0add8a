package io.observatory.storage.bench;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

import com.sun.management.ThreadMXBean;

/**
 * Counts what all threads allocate, from its making on. Those that end meanwhile are not
 * counted.
 */
final class Allocation {

	private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

	private final Map<Long, Long> before = byThread();

	long bytes() {
		long bytes = 0;
		for (Map.Entry<Long, Long> thread : byThread().entrySet()) {
			bytes += thread.getValue() - this.before.getOrDefault(thread.getKey(), 0L);
		}
		return bytes;
	}

	/** Returns what each living thread has allocated in its life. */
	private static Map<Long, Long> byThread() {
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
