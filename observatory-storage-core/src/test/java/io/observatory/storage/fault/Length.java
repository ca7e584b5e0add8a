package io.observatory.storage.fault;

import java.time.Duration;

/**
 * How long a scenario takes: to the full in {@code mvn -Pfaults verify}, in short in
 * {@code mvn verify}.
 */
final class Length {

	private static final boolean FULL = "full".equals(System.getProperty("faults.length"));

	private Length() {
	}

	static boolean isFull() {
		return FULL;
	}

	static int of(int full, int inShort) {
		return FULL ? full : inShort;
	}

	static Duration of(Duration full, Duration inShort) {
		return FULL ? full : inShort;
	}

}
