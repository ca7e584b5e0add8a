package io.observatory.storage.fault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a process says it has written, in memory that it shares with the one that kills
 * it: for each subject up to which number it has begun to write, and up to which all was
 * accepted. And whether it has come to the point where it is to be killed.
 */
final class Acknowledged {

	private static final int SIZE = 4096;

	private static final int POINT = SIZE - Long.BYTES;

	private static final int READY = POINT - Long.BYTES;

	private static final int UNBALANCED = READY - Long.BYTES;

	private final ByteBuffer memory;

	private Acknowledged(ByteBuffer memory) {
		this.memory = memory;
	}

	static Acknowledged in(Path file) throws IOException {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
				StandardOpenOption.WRITE)) {
			return new Acknowledged(channel.map(MapMode.READ_WRITE, 0, SIZE));
		}
	}

	long begun(Subject subject) {
		return this.memory.getLong(2 * Long.BYTES * subject.ordinal());
	}

	void begun(Subject subject, long to) {
		this.memory.putLong(2 * Long.BYTES * subject.ordinal(), to);
	}

	long accepted(Subject subject) {
		return this.memory.getLong((2 * subject.ordinal() + 1) * Long.BYTES);
	}

	void accepted(Subject subject, long to) {
		this.memory.putLong((2 * subject.ordinal() + 1) * Long.BYTES, to);
	}

	/** Returns whether the process writes. */
	boolean isReady() {
		return this.memory.getLong(READY) != 0;
	}

	void ready(boolean ready) {
		this.memory.putLong(READY, ready ? 1 : 0);
	}

	/** Returns whether the process has seen a writer whose numbers do not add up. */
	boolean isUnbalanced() {
		return this.memory.getLong(UNBALANCED) != 0;
	}

	void unbalanced() {
		this.memory.putLong(UNBALANCED, 1);
	}

	/** Returns whether the process waits to be killed. */
	boolean isAtPoint() {
		return this.memory.getLong(POINT) != 0;
	}

	void atPoint(boolean there) {
		this.memory.putLong(POINT, there ? 1 : 0);
	}

}
