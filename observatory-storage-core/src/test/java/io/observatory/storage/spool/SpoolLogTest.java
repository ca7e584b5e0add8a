package io.observatory.storage.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.observatory.storage.spool.SpoolLog.Opened;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What was appended is read again, whatever became of the files meanwhile: all of it but
 * what is damaged, and how much that is.
 */
class SpoolLogTest {

	private static final int SEGMENT = 2000;

	@Test
	void callersThatAppendAtTheSameTimeShareTheLog(@TempDir Path directory) throws IOException {
		int callers = 8;
		int each = 500;
		try (SpoolLog log = open(directory, 100_000).log()) {
			CompletableFuture.allOf(IntStream.range(0, callers)
				.mapToObj((caller) -> CompletableFuture.runAsync(() -> append(log, caller, each)))
				.toArray(CompletableFuture[]::new)).join();
		}

		Opened again = open(directory, 100_000);
		List<Frame> frames = readAll(again);

		assertThat(again.lostRows()).isZero();
		assertThat(frames).hasSize(callers * each);
		for (int caller = 0; caller < callers; caller++) {
			int table = caller;
			assertThat(frames.stream().filter((frame) -> frame.header().table() == table).map(SpoolLogTest::number))
				.as("those of one caller, in its order")
				.containsExactlyElementsOf(IntStream.range(0, each).boxed().toList());
		}
	}

	private static void append(SpoolLog log, int caller, int count) {
		try {
			for (int i = 0; i < count; i++) {
				log.append(caller, 1, 1, ByteBuffer.allocate(100).putInt(i).array(), 0, 100);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static int number(Frame frame) {
		return ByteBuffer.wrap(frame.array()).getInt(frame.position());
	}

	@Test
	void aFrameLargerThanASegmentIsTaken(@TempDir Path directory) throws IOException {
		byte[] large = new byte[3_000_000];
		new Random(1).nextBytes(large);
		try (SpoolLog log = open(directory, SEGMENT).log()) {
			log.append(0, 1, 1, large, 0, large.length);
			log.append(0, 1, 1, large, 0, 10);
		}
		List<Frame> frames = readAll(open(directory, SEGMENT));
		assertThat(frames).hasSize(2);
		assertThat(bytes(frames.get(0))).isEqualTo(large);
	}

	@Test
	void sealsAreReadInTheirOrderAndNoRows(@TempDir Path directory) throws IOException {
		UUID lane = new UUID(1, 2);
		List<Seal> written = new ArrayList<>();
		try (SpoolLog log = open(directory, SEGMENT).log()) {
			long from = 0;
			for (int i = 0; i < 100; i++) {
				long to = log.append(0, 1, 3, new byte[i], 0, i);
				written.add(new Seal(lane, 0, i, from, to, 3));
				from = log.append(written.get(i));
			}
		}
		List<Seal> read = new ArrayList<>();
		try (SpoolLog log = SpoolLog.open(directory, SEGMENT, false, read::add).log()) {
			assertThat(read).isEqualTo(written);
			assertThat(log.read(read.get(50).from(), read.get(50).to(), 1000, 1000).rows()).isEqualTo(3);
		}
	}

	@Test
	void segmentsThatAreSentAreDeleted(@TempDir Path directory) throws IOException {
		try (SpoolLog log = open(directory, SEGMENT).log()) {
			List<Long> ends = fill(log, new Random(1), 200);
			long before = log.bytes();
			log.trim(ends.get(150));
			assertThat(log.bytes()).isLessThan(before / 2);
			assertThat(log.read(ends.get(150), Long.MAX_VALUE, 1000, Long.MAX_VALUE).frames()).hasSize(49);
		}
		assertThat(open(directory, SEGMENT).lostRows()).isZero();
	}

	@Property(tries = 500)
	void aByteThatFlips(@ForAll long seed, @ForAll @IntRange(min = 1, max = 255) int mask) throws IOException {
		damaged(seed, (random, segments) -> {
			Path file = segments.get(random.nextInt(segments.size()));
			byte[] bytes = Files.readAllBytes(file);
			bytes[random.nextInt(bytes.length)] ^= (byte) mask;
			Files.write(file, bytes);
		});
	}

	@Property(tries = 300)
	void zerosInTheMiddle(@ForAll long seed) throws IOException {
		damaged(seed, (random, segments) -> {
			Path file = segments.get(random.nextInt(segments.size()));
			byte[] bytes = Files.readAllBytes(file);
			int from = random.nextInt(bytes.length);
			Arrays.fill(bytes, from, Math.min(bytes.length, from + random.nextInt(1000)), (byte) 0);
			Files.write(file, bytes);
		});
	}

	@Property(tries = 300)
	void aFileThatIsCut(@ForAll long seed) throws IOException {
		damaged(seed, (random, segments) -> {
			Path file = segments.get(random.nextInt(segments.size()));
			byte[] bytes = Files.readAllBytes(file);
			Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
		});
	}

	@Property(tries = 100)
	void aFileThatIsGone(@ForAll long seed) throws IOException {
		damaged(seed, (random, segments) -> Files.delete(segments.get(random.nextInt(segments.size()))));
	}

	@Property(tries = 100)
	void filesThatAreSwapped(@ForAll long seed) throws IOException {
		damaged(seed, (random, segments) -> {
			Path one = segments.get(random.nextInt(segments.size()));
			Path other = segments.get(random.nextInt(segments.size()));
			byte[] bytes = Files.readAllBytes(one);
			Files.write(one, Files.readAllBytes(other));
			Files.write(other, bytes);
		});
	}

	private static void damaged(long seed, Damage damage) throws IOException {
		Path directory = Files.createTempDirectory("spool");
		try {
			Random random = new Random(seed);
			List<Frame> written = write(directory, random);
			damage.inflict(random, segments(directory));

			Opened opened = open(directory, SEGMENT);
			List<Frame> read = readAll(opened);

			assertThat(strings(written)).containsSubsequence(strings(read));
			assertThat(opened.lostRows()).as("rows that are lost").isEqualTo(lostBetween(written, read));
			assertThatItGoesOn(opened, directory, strings(read));
		}
		finally {
			FileSystemUtils.deleteRecursively(directory);
		}
	}

	private static List<Frame> write(Path directory, Random random) throws IOException {
		Opened opened = open(directory, SEGMENT);
		try (SpoolLog log = opened.log()) {
			fill(log, random, 20 + random.nextInt(80));
			return frames(log, 0);
		}
	}

	/** Of what is missing at the end, nobody knows. */
	private static long lostBetween(List<Frame> written, List<Frame> read) {
		if (read.isEmpty()) {
			return 0;
		}
		Set<String> kept = new HashSet<>(strings(read));
		List<String> all = strings(written);
		int first = all.indexOf(strings(read).get(0));
		int last = all.indexOf(strings(read).get(read.size() - 1));
		return IntStream.range(first, last)
			.filter((i) -> !kept.contains(all.get(i)))
			.mapToLong((i) -> written.get(i).header().rows())
			.sum();
	}

	private static void assertThatItGoesOn(Opened opened, Path directory, List<String> before) throws IOException {
		try (SpoolLog log = opened.log()) {
			fill(log, new Random(7), 30);
		}
		Opened again = open(directory, SEGMENT);
		assertThat(again.lostRows()).isEqualTo(opened.lostRows());
		List<String> all = strings(readAll(again));
		assertThat(all).hasSize(before.size() + 30).startsWith(before.toArray(String[]::new));
	}

	private static List<Long> fill(SpoolLog log, Random random, int frames) throws IOException {
		List<Long> ends = new ArrayList<>();
		for (int i = 0; i < frames; i++) {
			byte[] rows = new byte[random.nextInt(300)];
			random.nextBytes(rows);
			ends.add(log.append(random.nextInt(5), 1, 1 + random.nextInt(10), rows, 0, rows.length));
		}
		return ends;
	}

	private static Opened open(Path directory, long segmentBytes) throws IOException {
		return SpoolLog.open(directory, segmentBytes, false, (seal) -> {
		});
	}

	private static List<Frame> readAll(Opened opened) throws IOException {
		return frames(opened.log(), opened.start());
	}

	private static List<Frame> frames(SpoolLog log, long from) throws IOException {
		List<Frame> frames = new ArrayList<>();
		long next = from;
		while (next < log.end().offset()) {
			Stretch stretch = log.read(next, Long.MAX_VALUE, 50, Long.MAX_VALUE);
			frames.addAll(stretch.frames());
			next = (stretch.end() > next) ? stretch.end() : log.end().offset();
		}
		return frames;
	}

	private static List<String> strings(List<Frame> frames) {
		return frames.stream().map((frame) -> frame.header() + " " + Arrays.hashCode(bytes(frame))).toList();
	}

	private static byte[] bytes(Frame frame) {
		return Arrays.copyOfRange(frame.array(), frame.position(), frame.position() + frame.header().length());
	}

	private static List<Path> segments(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.sorted().toList();
		}
	}

	/**
	 * Something that happens to the files.
	 */
	private interface Damage {

		void inflict(Random random, List<Path> segments) throws IOException;

	}

}
