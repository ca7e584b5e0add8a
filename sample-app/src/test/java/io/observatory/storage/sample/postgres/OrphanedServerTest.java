package io.observatory.storage.sample.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class OrphanedServerTest {

	@TempDir
	private Path data;

	private Path pidFile(String content) throws IOException {
		return Files.writeString(this.data.resolve("postmaster.pid"), content);
	}

	@Test
	void withoutAPidFileThereIsNone() throws IOException {
		OrphanedServer.end(this.data);
		assertThat(this.data).isEmptyDirectory();
	}

	@Test
	void aStrangerWithTheSameNumberIsLeftAlone() throws IOException {
		Path pidFile = pidFile(ProcessHandle.current().pid() + "\n" + this.data);
		OrphanedServer.end(this.data);
		assertThat(ProcessHandle.current().isAlive()).isTrue();
		assertThat(pidFile).doesNotExist();
	}

	@Test
	void whatIsNotANumberIsLeftToTheServer() throws IOException {
		Path pidFile = pidFile("nonsense");
		OrphanedServer.end(this.data);
		assertThat(pidFile).exists();
	}

}
