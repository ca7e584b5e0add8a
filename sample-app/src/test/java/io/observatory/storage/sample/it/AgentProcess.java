package io.observatory.storage.sample.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The {@link AgentApplication} with OpenTelemetry's Java agent, as a process of its own.
 */
record AgentProcess(Process process, Path log) {

	/**
	 * Starts it.
	 * @param directory gets its log
	 * @param settings environment variables of the agent
	 */
	static AgentProcess start(Path directory, String service, Map<String, String> settings) {
		Path log = directory.resolve(service + ".log");
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-Xmx256m",
				"-javaagent:" + Path.of(System.getProperty("sample.agent")).toAbsolutePath(), "-classpath", classPath(),
				AgentApplication.class.getName());
		builder.environment().keySet().removeIf((name) -> name.startsWith("OTEL_"));
		builder.environment().put("OTEL_SERVICE_NAME", service);
		builder.environment().putAll(settings);
		builder.redirectErrorStream(true).redirectOutput(log.toFile());
		try {
			return new AgentProcess(builder.start(), log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String classPath() {
		return Stream.of(AgentApplication.class, OpenTelemetry.class, Context.class, ComponentLoader.class)
			.map((type) -> Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString())
			.collect(Collectors.joining(System.getProperty("path.separator")));
	}

	/** Waits until it has ended; the agent has sent everything by then. */
	void awaitExit() {
		try {
			assertThat(this.process.waitFor(2, TimeUnit.MINUTES)).as("the application ends").isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		finally {
			this.process.destroyForcibly();
		}
		assertThat(this.log).content().doesNotContain("Failed to export", "WARN", "ERROR");
		assertThat(this.process.exitValue()).isZero();
	}

}
