package io.observatory.storage.fault;

import java.time.Duration;

/**
 * How long a scenario takes: to the full in {@code mvn -Pfaults verify}, in short in
 * {@code mvn verify}.
 */
public final class Length {

	private static final boolean FULL = "full".equals(System.getProperty("faults.length"));

	private Length() {
	}

	public static boolean isFull() {
		return FULL;
	}

	public static int of(int full, int inShort) {
		return FULL ? full : inShort;
	}

	public static Duration of(Duration full, Duration inShort) {
		return FULL ? full : inShort;
	}

}
