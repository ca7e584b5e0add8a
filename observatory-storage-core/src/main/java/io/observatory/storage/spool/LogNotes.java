package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What is to be known about a log besides its rows, each in a small file: the database
 * that its lane is in, and about how many rows are stored there.
 */
final class LogNotes {

	private static final String DATABASE = "database";

	private static final String STORED = "stored";

	private final LogDirectory directory;

	LogNotes(LogDirectory directory) {
		this.directory = directory;
	}

	/** Returns the identity of the database, if it is known. */
	@Nullable UUID database() throws IOException {
		ByteBuffer note = read(DATABASE, 2 * Long.BYTES);
		return (note != null) ? new UUID(note.getLong(), note.getLong()) : null;
	}

	/** Notes the database's identity, so that it survives the death of the machine. */
	void database(UUID identity) throws IOException {
		ByteBuffer note = ByteBuffer.allocate(2 * Long.BYTES)
			.putLong(identity.getMostSignificantBits())
			.putLong(identity.getLeastSignificantBits());
		try (SpoolFile file = file(DATABASE)) {
			write(file, note.flip());
			file.force();
		}
		this.directory.force();
	}

	/** Returns how many rows were stored when that was noted last. */
	long stored() throws IOException {
		ByteBuffer note = read(STORED, Long.BYTES);
		return (note != null) ? note.getLong() : 0;
	}

	/** Notes how many rows are stored. */
	void stored(long row) throws IOException {
		try (SpoolFile file = file(STORED)) {
			write(file, ByteBuffer.allocate(Long.BYTES).putLong(row).flip());
		}
	}

	private SpoolFile file(String name) throws IOException {
		try {
			return this.directory.openFile(name);
		}
		catch (NoSuchFileException ex) {
			return this.directory.createFile(name);
		}
	}

	private static void write(SpoolFile file, ByteBuffer note) throws IOException {
		ByteBuffer checked = ByteBuffer.allocate(note.limit() + Integer.BYTES).put(note);
		checked.putInt(FrameHeader.checksum(note.array(), 0, note.limit()));
		file.write(checked.flip(), 0);
	}

	/** Returns null if there is no such note, or it is damaged. */
	private @Nullable ByteBuffer read(String name, int length) throws IOException {
		try (SpoolFile file = this.directory.openFile(name)) {
			ByteBuffer note = ByteBuffer.allocate(length + Integer.BYTES);
			file.read(note, 0);
			return note.getInt(length) == FrameHeader.checksum(note.array(), 0, length) ? note.flip() : null;
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

}
