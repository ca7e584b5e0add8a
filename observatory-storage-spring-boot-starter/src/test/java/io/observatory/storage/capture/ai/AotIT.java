package io.observatory.storage.capture.ai;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import io.observatory.storage.testing.Postgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplicationAotProcessor;
import org.springframework.context.aot.AbstractAotProcessor.Settings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application prepared ahead of time, as the goal {@code process-aot} of Spring Boot's
 * plugin does it, with all captures and the models of OpenAI and Anthropic: it is
 * generated, compiled and run with {@code spring.aot.enabled=true}.
 */
class AotIT {

	@TempDir
	Path directory;

	@Test
	void whatIsPreparedAheadOfTimeStoresWhatTheProvidersAnswered() throws Exception {
		String database = Postgres.migratedDatabase();
		try (FakeProviders providers = new FakeProviders()) {
			String[] arguments = AskingProcess.app(Postgres.url(database), providers).arguments();
			Path generated = process(arguments);
			compile(generated);
			// without what was generated it would not start
			new AskingProcess(List.of("-Dspring.aot.enabled=true"),
					List.of(generated.resolve("classes"), generated.resolve("resources")), arguments)
				.run(this.directory);
			StoredCalls.assertEqual(StoredCalls.all(Postgres.jdbc(database), AskingApplication.CALLS),
					providers.takeLog());
		}
	}

	private Path process(String[] arguments) {
		Path generated = this.directory.resolve("generated");
		Settings settings = Settings.builder()
			.sourceOutput(generated.resolve("sources"))
			.resourceOutput(generated.resolve("resources"))
			.classOutput(generated.resolve("classes"))
			.groupId("test")
			.artifactId("asking")
			.build();
		new SpringApplicationAotProcessor(AskingApplication.class, settings, arguments).process();
		return generated;
	}

	private static void compile(Path generated) throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
		try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, null, null)) {
			boolean compiled = compiler
				.getTask(null, files, problems, List.of("-proc:none", "-nowarn", "-classpath",
						generated.resolve("classes") + java.io.File.pathSeparator
								+ System.getProperty("java.class.path"),
						"-d", generated.resolve("classes").toString()), null,
						files.getJavaFileObjectsFromPaths(sources(generated.resolve("sources"))))
				.call();
			assertThat(compiled).as("%s", problems.getDiagnostics()).isTrue();
		}
	}

	private static List<Path> sources(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter((file) -> file.toString().endsWith(".java")).toList();
		}
	}

}
