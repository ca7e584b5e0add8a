package io.observatory.storage.sample.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import io.observatory.storage.sample.startup.StartException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@EnabledOnOs({ OS.LINUX, OS.MAC })
class PostgresHomeTest {

	@TempDir
	private Path directory;

	private static String mode(Path file) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
	}

	private Path open(Path path) throws IOException {
		Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
		return path;
	}

	@Test
	void aNewDirectoryIsItsOwnersAlone() throws IOException {
		PostgresHome home = PostgresHome.open(this.directory.resolve("a/b"));
		assertThat(mode(home.path())).isEqualTo("rwx------");
		assertThat(mode(home.path().getParent())).isEqualTo("rwx------");
	}

	@Test
	void oneThatWasOpenIsClosed() throws IOException {
		Files.createFile(this.directory.resolve(DirectoryLock.NAME));
		PostgresHome.open(open(this.directory));
		assertThat(mode(this.directory)).isEqualTo("rwx------");
	}

	@Test
	void aDirectoryOfOtherThingsIsLeftAsItIs() throws IOException {
		Files.createFile(this.directory.resolve("something"));
		open(this.directory);
		assertThatThrownBy(() -> PostgresHome.open(this.directory)).isInstanceOf(StartException.class)
			.hasMessageContaining("holds other files");
		assertThat(mode(this.directory)).isEqualTo("rwxrwxrwx");
	}

	@Test
	void whatAnotherUserHasPutThereIsNotUsed() throws IOException {
		Files.createFile(this.directory.resolve(DirectoryLock.NAME));
		Path programs = Files.createDirectory(this.directory.resolve("programs"));
		try {
			Files.setOwner(programs,
					this.directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
		}
		catch (IOException ex) {
			Assumptions.abort("Only root can give a file to another user: " + ex.getMessage());
		}
		assertThatThrownBy(() -> PostgresHome.open(this.directory)).isInstanceOf(StartException.class)
			.hasMessageContaining(programs.toRealPath() + " belongs to nobody");
	}

	@Test
	void thePasswordIsItsOwnersAloneAndStays() throws IOException {
		String password = PasswordFile.readOrCreate(this.directory);
		Path file = this.directory.resolve("pgpass");
		assertThat(mode(file)).isEqualTo("rw-------");
		assertThat(file).hasContent("*:*:*:postgres:" + password);
		assertThat(PasswordFile.readOrCreate(this.directory)).isEqualTo(password);
	}

	@Test
	void aFileThatHoldsNoPasswordIsMadeAnew() throws IOException {
		Path file = this.directory.resolve("pgpass");
		for (String damaged : new String[] { "", "*:*:*:postgres:",
				"*:*:*:postgres:'; DROP TABLE x; --aaaaaaaaaaaaaa" }) {
			Files.writeString(file, damaged);
			assertThat(PasswordFile.readOrCreate(this.directory)).hasSize(43).matches("[\\w-]+");
		}
		assertThat(this.directory).isDirectoryNotContaining((one) -> !one.equals(file));
	}

}
