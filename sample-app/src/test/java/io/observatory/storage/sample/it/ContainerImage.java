package io.observatory.storage.sample.it;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Does what a Dockerfile says, as far as that is possible without Docker: each stage is a
 * directory on top of nothing, files are linked instead of copied, and commands run with
 * the programs of this machine.
 */
final class ContainerImage {

	private final Path context;

	private final Path stages;

	private final Map<String, Path> names = new HashMap<>();

	private final Map<String, String> environment = new LinkedHashMap<>();

	private final Map<String, String> instructions = new LinkedHashMap<>();

	private Path root;

	private Path workDirectory;

	private ContainerImage(Path context, Path stages) {
		this.context = context;
		this.stages = stages;
		this.root = stages;
		this.workDirectory = stages;
	}

	/**
	 * Builds the image of the Dockerfile in a directory.
	 * @param stages gets a directory for each stage
	 */
	static ContainerImage build(Path context, Path stages) throws IOException, InterruptedException {
		ContainerImage image = new ContainerImage(context, stages);
		for (String line : Files.readAllLines(context.resolve("Dockerfile"))) {
			if (!line.isBlank() && !line.startsWith("#")) {
				String[] parts = line.split("\\s+", 2);
				image.execute(parts[0], parts[1]);
			}
		}
		return image;
	}

	private void execute(String instruction, String arguments) throws IOException, InterruptedException {
		this.instructions.put(instruction, arguments);
		String[] words = arguments.split("\\s+");
		switch (instruction) {
			case "FROM" -> begin((words.length == 3) ? words[2] : "");
			case "WORKDIR" -> this.workDirectory = Files.createDirectories(inRoot(this.root, arguments));
			case "COPY" -> copy(words);
			case "RUN" -> run(words);
			case "ENV" -> this.environment.put(arguments.replaceFirst("=.*", ""), arguments.replaceFirst("[^=]*=", ""));
			case "USER", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT" -> {
			}
			default -> throw new IllegalArgumentException("Not known: " + instruction);
		}
	}

	private void begin(String name) throws IOException {
		this.environment.clear();
		this.root = Files.createDirectory(this.stages.resolve("stage" + this.names.size()));
		this.workDirectory = this.root;
		this.names.put(name, this.root);
	}

	private static Path inRoot(Path root, String path) {
		return root.resolve(path.replaceFirst("^/", ""));
	}

	private void copy(String[] words) throws IOException {
		String target = words[words.length - 1];
		if (words[0].startsWith("--from=")) {
			Path source = inRoot(this.names.get(words[0].substring("--from=".length())), words[1]);
			assertThat(source).isDirectory();
			linkAll(source, this.workDirectory.resolve(target).normalize());
			return;
		}
		Path pattern = Path.of(words[0]);
		List<Path> sources = new ArrayList<>();
		try (DirectoryStream<Path> found = Files.newDirectoryStream(this.context.resolve(pattern).getParent(),
				pattern.getFileName().toString())) {
			found.forEach(sources::add);
		}
		assertThat(sources).as("files that are %s", pattern).hasSize(1);
		Files.createLink(this.workDirectory.resolve(target), sources.get(0));
	}

	private static void linkAll(Path source, Path target) throws IOException {
		try (Stream<Path> files = Files.walk(source)) {
			for (Path file : (Iterable<Path>) files::iterator) {
				Path linked = target.resolve(source.relativize(file).toString());
				if (Files.isDirectory(file)) {
					Files.createDirectories(linked);
				}
				else {
					Files.createLink(linked, file);
				}
			}
		}
	}

	private void run(String[] words) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of(words));
		assertThat(command.get(0)).isEqualTo("java");
		command.set(0, java());
		Process process = new ProcessBuilder(command).directory(this.workDirectory.toFile()).inheritIO().start();
		assertThat(process.waitFor()).as("%s", command).isZero();
	}

	private static String java() {
		return Path.of(System.getProperty("java.home"), "bin", "java").toString();
	}

	/** Returns the directory that the entry point starts in. */
	Path workDirectory() {
		return this.workDirectory;
	}

	/** Returns the command that the entry point is. */
	List<String> command() {
		List<String> command = new ArrayList<>();
		JsonMapper.shared()
			.readTree(instruction("ENTRYPOINT"))
			.valueStream()
			.forEach((word) -> command.add(word.asString()));
		command.set(0, java());
		return command;
	}

	/** Returns the environment of the last stage. */
	Map<String, String> environment() {
		return this.environment;
	}

	/** Returns the arguments of the last such instruction. */
	String instruction(String name) {
		return this.instructions.get(name);
	}

}
