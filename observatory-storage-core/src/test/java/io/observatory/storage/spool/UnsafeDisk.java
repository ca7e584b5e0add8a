package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A disk that may lose what was not forced, and may fail. It remembers of each file what
 * was forced and what was done since, and of each directory which names were forced.
 */
final class UnsafeDisk implements FileOpener {

	private static final int SECTOR = 512;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<Path, FileState> files = new LinkedHashMap<>();

	/** The names that survive a power cut. */
	private final Set<Path> names = new HashSet<>();

	private final Weather weather;

	UnsafeDisk(Weather weather) {
		this.weather = weather;
	}

	@Override
	public FileChannel open(Path file, Set<OpenOption> options) throws IOException {
		this.weather.before(Operation.OPEN, file);
		FileChannel real = FileOpener.OWNER_ONLY.open(file, options);
		if (Files.isDirectory(file)) {
			return new DirectoryChannel(real, file);
		}
		locked(() -> {
			if (options.contains(StandardOpenOption.CREATE_NEW)) {
				this.files.put(file, new FileState());
			}
			return this.files.computeIfAbsent(file, (unknown) -> new FileState());
		});
		return new TrackedChannel(real, file);
	}

	/**
	 * Returns what a power cut at this moment leaves: the bytes of each file that has
	 * kept its name.
	 */
	Map<Path, byte[]> cutPower(Random random) {
		double luck = random.nextInt(3) / 2.0;
		return locked(() -> {
			Map<Path, byte[]> left = new LinkedHashMap<>();
			this.files.forEach((path, state) -> {
				boolean isThere = Files.exists(path);
				boolean isNamed = this.names.contains(path);
				if (isThere && isNamed || (isThere || isNamed) && random.nextDouble() < luck) {
					left.put(path, state.left(random, luck));
				}
			});
			return left;
		});
	}

	private <T> T locked(Step<T> step) {
		this.lock.lock();
		try {
			return step.run();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** What can be done to a file. */
	enum Operation {

		OPEN, WRITE, TRUNCATE, FORCE, FORCE_DIRECTORY

	}

	/**
	 * Decides what happens to the disk.
	 */
	interface Weather {

		/** Lets an operation through, or throws what the operating system would say. */
		void before(Operation operation, Path file) throws IOException;

		/** Returns whether a force that is said to be done is done. */
		default boolean forces(Operation operation) {
			return true;
		}

	}

	private interface Step<T> {

		T run();

	}

	/**
	 * What is known of a file.
	 */
	private static final class FileState {

		private byte[] forced = {};

		private final List<Change> since = new ArrayList<>();

		void force() {
			byte[] now = this.forced;
			for (Change change : this.since) {
				now = change.apply(now, (sector) -> true);
			}
			this.forced = now;
			this.since.clear();
		}

		/** Each sector that was not forced may be there or not. */
		byte[] left(Random random, double luck) {
			byte[] left = this.forced;
			for (Change change : this.since) {
				left = change.apply(left, (sector) -> random.nextDouble() < luck);
			}
			return left;
		}

	}

	/**
	 * A write or, without bytes, a cut.
	 */
	private record Change(long position, byte[] bytes) {

		byte[] apply(byte[] file, java.util.function.IntPredicate survives) {
			if (this.bytes == null) {
				return survives.test(0) ? Arrays.copyOf(file, (int) this.position) : file;
			}
			byte[] changed = file;
			int start = (int) this.position;
			for (int from = 0; from < this.bytes.length;) {
				int end = Math.min(this.bytes.length, ((start + from) / SECTOR + 1) * SECTOR - start);
				if (survives.test((start + from) / SECTOR)) {
					changed = Arrays.copyOf(changed, Math.max(changed.length, start + end));
					System.arraycopy(this.bytes, from, changed, start + from, end - from);
				}
				from = end;
			}
			return changed;
		}

	}

	private final class TrackedChannel extends PassedOnChannel {

		private final Path file;

		TrackedChannel(FileChannel real, Path file) {
			super(real);
			this.file = file;
		}

		private FileState state() {
			return UnsafeDisk.this.files.get(this.file);
		}

		@Override
		public int write(ByteBuffer bytes, long position) throws IOException {
			UnsafeDisk.this.weather.before(Operation.WRITE, this.file);
			ByteBuffer copy = bytes.duplicate();
			int count = super.write(bytes, position);
			byte[] written = new byte[count];
			copy.get(written);
			locked(() -> state().since.add(new Change(position, written)));
			return count;
		}

		@Override
		public FileChannel truncate(long size) throws IOException {
			UnsafeDisk.this.weather.before(Operation.TRUNCATE, this.file);
			super.truncate(size);
			locked(() -> state().since.add(new Change(size, null)));
			return this;
		}

		@Override
		public void force(boolean metaData) throws IOException {
			try {
				UnsafeDisk.this.weather.before(Operation.FORCE, this.file);
			}
			catch (IOException ex) {
				// the operating system takes the pages for written, and they are not
				locked(() -> {
					state().since.clear();
					return true;
				});
				throw ex;
			}
			if (UnsafeDisk.this.weather.forces(Operation.FORCE)) {
				locked(() -> {
					state().force();
					return true;
				});
			}
		}

	}

	private final class DirectoryChannel extends PassedOnChannel {

		private final Path directory;

		DirectoryChannel(FileChannel real, Path directory) {
			super(real);
			this.directory = directory;
		}

		@Override
		public void force(boolean metaData) throws IOException {
			UnsafeDisk.this.weather.before(Operation.FORCE_DIRECTORY, this.directory);
			if (UnsafeDisk.this.weather.forces(Operation.FORCE_DIRECTORY)) {
				locked(() -> {
					UnsafeDisk.this.names.removeIf((name) -> this.directory.equals(name.getParent()));
					UnsafeDisk.this.files.keySet()
						.stream()
						.filter((file) -> this.directory.equals(file.getParent()) && Files.exists(file))
						.forEach(UnsafeDisk.this.names::add);
					return true;
				});
			}
		}

	}

}
