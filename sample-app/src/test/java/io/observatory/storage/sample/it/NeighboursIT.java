package io.observatory.storage.sample.it;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Other users of the machine get neither into the embedded database nor into its
 * directory, which was made by the sample as it was before: open to all of them, by a
 * server that trusted them.
 */
@EnabledOnOs({ OS.LINUX, OS.MAC })
class NeighboursIT {

	private static final int SASL = 10;

	@TempDir
	private static Path directory;

	private static Path home;

	private static SampleProcess sample;

	@BeforeAll
	static void start() throws IOException {
		// else nobody could get to what is looked at here
		Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
		home = Files.createDirectory(directory.resolve("home"));
		try (OwnServer server = OwnServer.start(home.resolve("pgdata"))) {
			server.database().jdbc().execute("CREATE TABLE kept AS SELECT n FROM generate_series(1, 1000) AS n");
		}
		Files.createFile(home.resolve("lock"));
		Files.createDirectories(home.resolve("PG-0123456789abcdef/bin"));
		Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
		sample = SampleProcess.start(directory, "--sample.postgres.directory=" + home);
	}

	@AfterAll
	static void stop() {
		if (sample != null) {
			sample.close();
		}
	}

	private static String mode(String file) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(file)));
	}

	private static int port() {
		return Integer.parseInt(sample.logged("PostgreSQL is at jdbc:postgresql://localhost:(\\d+)/"));
	}

	@Test
	void theRowsAreStillThere() {
		TestDatabase database = TestDatabase.embeddedIn(sample, home);
		assertThat(database.jdbc().queryForObject("SELECT count(*) FROM kept", Long.class)).isEqualTo(1000);
	}

	@Test
	void everyConnectionNeedsThePassword() {
		TestDatabase database = TestDatabase.embeddedIn(sample, home);
		assertThat(database.jdbc().queryForList("SELECT DISTINCT auth_method FROM pg_hba_file_rules", String.class))
			.containsExactly("scram-sha-256");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "&password=", "&password=postgres" })
	void nobodyGetsInOverTcpWithoutIt(String password) {
		String url = "jdbc:postgresql://localhost:" + port() + "/postgres?user=postgres" + password;
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> DriverManager.getConnection(url).close())
			.withMessageMatching(".*(no password was provided|password is an empty string|authentication failed).*");
	}

	/** What the server answers to the first message of its protocol. */
	@Test
	void nobodyGetsInByTheSocketWithoutIt() throws IOException {
		byte[] startup = "user\0postgres\0database\0postgres\0\0".getBytes(StandardCharsets.US_ASCII);
		try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			socket.connect(UnixDomainSocketAddress.of(home.resolve("sockets/.s.PGSQL." + port())));
			socket.write(ByteBuffer.allocate(8 + startup.length)
				.putInt(8 + startup.length)
				.putInt(3 << 16)
				.put(startup)
				.flip());
			DataInputStream answer = new DataInputStream(Channels.newInputStream(socket));
			assertThat(answer.readByte()).isEqualTo((byte) 'R');
			answer.readInt();
			assertThat(answer.readInt()).as("kind of authentication").isEqualTo(SASL);
		}
	}

	@Test
	void allOfItIsItsOwnersAlone() throws IOException {
		for (String file : List.of("", "pgdata", "programs", "sockets")) {
			assertThat(mode(file)).as(file).isEqualTo("rwx------");
		}
		assertThat(mode("pgpass")).isEqualTo("rw-------");
		assertThat(home.resolve("PG-0123456789abcdef")).as("programs that others could write").doesNotExist();
		assertThat(Path.of("/tmp/.s.PGSQL." + port())).doesNotExist();
	}

	@Test
	void anotherUserCanNeitherLookNorWriteNorConnect() {
		OtherUser.missing().ifPresent(Assumptions::abort);
		assertThat(OtherUser.run("ls", directory.toString())).as("it gets as far as this").contains("home");
		for (List<String> attempt : List.of(List.of("ls", home.toString()), List.of("touch", home + "/planted"),
				List.of("mv", home + "/programs", home + "/moved"), List.of("cat", home + "/pgpass"),
				List.of("cat", home + "/pgdata/PG_VERSION"), List.of("cat", home + "/postgres.log"),
				List.of("ls", home + "/sockets/.s.PGSQL." + port()))) {
			assertThat(OtherUser.run(attempt.toArray(String[]::new))).as("%s", attempt).contains("Permission denied");
		}
	}

	@Test
	void thePasswordIsInNoLog() throws IOException {
		String line = Files.readString(home.resolve("pgpass")).strip();
		String password = line.substring(line.lastIndexOf(':') + 1);
		assertThat(sample.log()).doesNotContain(password);
		assertThat(home.resolve("postgres.log")).content().doesNotContain(password);
	}

	@Test
	void aPortThatIsTakenIsSaidBeforeTheDatabaseIsStarted() {
		Path untouched = directory.resolve("untouched");
		try (SampleProcess second = SampleProcess.launch(directory,
				"--management.server.port=" + sample.uri("/").getPort(), "--management.server.address=127.0.0.1",
				"--sample.postgres.directory=" + untouched)) {
			assertThat(second.awaitExit()).isNotZero();
			assertThat(second.log()).contains("Port " + sample.uri("/").getPort() + " cannot be listened on: ",
					"set management.server.port to another port");
		}
		assertThat(untouched).doesNotExist();
	}

}
