package io.observatory.storage.capture.ai;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.observatory.storage.testing.App;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link AskingApplication} in a JVM of its own.
 */
final class AskingProcess {

	private final List<String> jvm;

	private final List<Path> classPath;

	private final String[] arguments;

	/**
	 * Describes a process.
	 * @param jvm options of the JVM
	 * @param classPath what comes before the class path of the tests
	 * @param arguments the application's
	 */
	AskingProcess(List<String> jvm, List<Path> classPath, String... arguments) {
		this.jvm = jvm;
		this.classPath = classPath;
		this.arguments = arguments;
	}

	/** An application with a web server and all captures. */
	static App app(String databaseUrl, FakeProviders providers) {
		return StoredCalls.priced(App.onSharedDataSource(databaseUrl).web())
			.capturing("opentelemetry", "micrometer", "logback")
			.with("spring.application.name", "asking")
			.with("management.tracing.sampling.probability", 1)
			.with("providers.url", providers.url());
	}

	/** Runs it to its end and returns what it printed. */
	String run(Path directory) throws IOException, InterruptedException {
		Path output = Files.createTempFile(directory, "asking", ".log");
		Process process = new ProcessBuilder(command()).redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("It has ended").isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		String printed = Files.readString(output);
		assertThat(process.exitValue()).as(printed).isZero();
		return printed;
	}

	private List<String> command() {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
		command.addAll(this.jvm);
		command.add("-cp");
		command.add(String.join(File.pathSeparator,
				Stream
					.concat(this.classPath.stream().map(Path::toString),
							Stream.of(System.getProperty("java.class.path")))
					.toList()));
		command.add(AskingApplication.class.getName());
		command.addAll(List.of(this.arguments));
		return command;
	}

}
