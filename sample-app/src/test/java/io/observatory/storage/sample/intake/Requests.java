package io.observatory.storage.sample.intake;

import java.time.Duration;
import java.util.List;

import org.springframework.util.unit.DataSize;

/**
 * Requests outside of a server.
 */
public final class Requests {

	private Requests() {
	}

	public static Request open() {
		return open(new MemoryBudget(DataSize.ofMegabytes(256).toBytes()));
	}

	public static Request open(MemoryBudget memory) {
		return new Request(new Source("any", "any"), memory.lease(), properties());
	}

	static IntakeProperties properties() {
		return new IntakeProperties(null, DataSize.ofMegabytes(64), Duration.ofSeconds(30), Duration.ofMinutes(5),
				List.of());
	}

	/** Returns the bytes as the body of the request. */
	public static Body body(Request request, byte[] bytes) {
		Body body = request.newBody();
		body.write(bytes, 0, bytes.length);
		return body;
	}

}
