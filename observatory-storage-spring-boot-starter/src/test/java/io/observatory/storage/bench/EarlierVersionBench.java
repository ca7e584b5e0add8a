package io.observatory.storage.bench;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What masking a record and mapping a metric cost, beside an earlier version of this
 * library in the same run:
 * {@code mvn -Pbench-capture -pl observatory-storage-spring-boot-starter -am verify
 * -DskipTests -Dbench=EarlierVersionBench -Dbench.before=core.jar,starter.jar}
 * <p>
 * The jars of the earlier version stand before all others in a class loader of their own.
 * The two versions take turns, a tenth of a second each; which is first changes from
 * round to round. Figures are medians of CPU time of one thread. Without
 * {@code bench.before} only this version is measured.
 */
public final class EarlierVersionBench {

	private static final long SLICE_NANOS = Duration.ofMillis(100).toNanos();

	private static final int WARM_UP_ROUNDS = 10;

	private EarlierVersionBench() {
	}

	public static void main(String[] args) throws Exception {
		Locale.setDefault(Locale.ROOT);
		int rounds = Integer.getInteger("bench.rounds", 11);
		String jars = System.getProperty("bench.before", "");
		Map<String, Runnable> now = new MeasuredWork().get();
		Map<String, Runnable> before = jars.isEmpty() ? Map.of() : workOf(jars.split(","));
		Map<String, Figures> figures = new LinkedHashMap<>();
		now.keySet().forEach((name) -> figures.put(name, new Figures(new ArrayList<>(), new ArrayList<>())));
		for (int i = -WARM_UP_ROUNDS; i < rounds; i++) {
			for (String name : now.keySet()) {
				Figures into = (i < 0) ? new Figures(new ArrayList<>(), new ArrayList<>()) : figures.get(name);
				into.measure(now.get(name), before.get(name), i % 2 == 0);
			}
		}
		figures.forEach((name, each) -> System.out.println(each.line(name)));
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Runnable> workOf(String... jars) throws Exception {
		Stream<String> libraries = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.endsWith(Path.of("target", "classes").toString())
					&& !entry.contains("observatory-storage-"));
		Stream<String> tests = Stream
			.of(Path.of(MeasuredWork.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
		URL[] urls = Stream.of(Arrays.stream(jars), tests, libraries)
			.flatMap((entries) -> entries)
			.map(EarlierVersionBench::url)
			.toArray(URL[]::new);
		ClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
		Class<?> work = loader.loadClass(MeasuredWork.class.getName());
		// OpenTelemetry looks for its services there
		Thread.currentThread().setContextClassLoader(loader);
		return ((Supplier<Map<String, Runnable>>) work.getDeclaredConstructor().newInstance()).get();
	}

	private static URL url(String path) {
		try {
			return Path.of(path).toAbsolutePath().toUri().toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalArgumentException(path, ex);
		}
	}

	private static double nanos(Runnable work) {
		long begun = cpuNanos();
		long spent = 0;
		int times = 0;
		while (spent < SLICE_NANOS) {
			work.run();
			times++;
			spent = cpuNanos() - begun;
		}
		return (double) spent / times;
	}

	private static long cpuNanos() {
		return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
	}

	private record Figures(List<Double> now, List<Double> before) {

		void measure(Runnable work, Runnable earlier, boolean nowFirst) {
			if (nowFirst) {
				this.now.add(nanos(work));
			}
			if (earlier != null) {
				this.before.add(nanos(earlier));
			}
			if (!nowFirst) {
				this.now.add(nanos(work));
			}
		}

		String line(String name) {
			String line = String.format("%-36s %10.1f µs", name, median(this.now) / 1000);
			if (this.before.isEmpty()) {
				return line;
			}
			double[] ratios = new double[this.now.size()];
			Arrays.setAll(ratios, (i) -> this.now.get(i) / this.before.get(i));
			Arrays.sort(ratios);
			return line + String.format(", before %10.1f µs, ratio %4.2f (%4.2f to %4.2f)", median(this.before) / 1000,
					ratios[ratios.length / 2], ratios[0], ratios[ratios.length - 1]);
		}

		private static double median(List<Double> figures) {
			return figures.stream().sorted().skip(figures.size() / 2).findFirst().orElseThrow();
		}

	}

}
