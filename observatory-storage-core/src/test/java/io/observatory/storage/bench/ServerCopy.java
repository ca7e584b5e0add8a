package io.observatory.storage.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.sql.DataSource;

import org.postgresql.PGConnection;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.FileSystemUtils;

/**
 * The limit: {@code COPY … FROM 'file' (FORMAT binary)} by the server itself, of rows
 * that the library had stored, in the order of their numbers. The rows lie in two files
 * for each table, so that two sessions can share them; one session reads both.
 */
final class ServerCopy implements Technique, AutoCloseable {

	private static final int PARTS = 2;

	private final JdbcTemplate jdbc;

	private final Path directory;

	ServerCopy(DataSource dataSource) throws IOException {
		this.jdbc = new JdbcTemplate(dataSource);
		this.directory = Files.createTempDirectory("observatory-bench");
		// the server may run as another user
		this.directory.toFile().setReadable(true, false);
		this.directory.toFile().setExecutable(true, false);
	}

	/** Writes the files from what is in the tables. */
	void prepare(Workload<?> workload, long rows) {
		for (Workload.Stored table : workload.tables()) {
			long bytes = 0;
			for (int part = 0; part < PARTS; part++) {
				String select = "SELECT * FROM %1$s WHERE %2$s >= '%3$s' AND %2$s < '%4$s' ORDER BY %2$s".formatted(
						table.name(), table.time(), Numbers.time(rows * part / PARTS),
						Numbers.time(rows * (part + 1) / PARTS));
				bytes += copy(select, file(workload, table, part));
			}
			Long count = this.jdbc.queryForObject("SELECT count(*) FROM " + table.name(), Long.class);
			System.out.printf("%-32s %8d rows of %d bytes%n", table.name(), count, bytes / Math.max(1, count));
		}
	}

	private long copy(String select, Path file) {
		return this.jdbc.execute((ConnectionCallback<Long>) (connection) -> {
			try (OutputStream out = Files.newOutputStream(file)) {
				connection.unwrap(PGConnection.class)
					.getCopyAPI()
					.copyOut("COPY (" + select + ") TO STDOUT (FORMAT binary)", out);
				file.toFile().setReadable(true, false);
				return Files.size(file);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	private Path file(Workload<?> workload, Workload.Stored table, int part) {
		return this.directory.resolve(workload + "-" + table.name() + "-" + part);
	}

	@Override
	public String name() {
		return "server COPY";
	}

	@Override
	public int batch() {
		return Integer.MAX_VALUE;
	}

	@Override
	public double share() {
		return 1;
	}

	@Override
	public <T> Session open(Workload<T> workload, int connections) {
		return (from, to) -> {
			int first = (from == 0) ? 0 : 1;
			int parts = PARTS / connections;
			for (int part = first; part < first + parts; part++) {
				copy(workload, part);
			}
		};
	}

	private void copy(Workload<?> workload, int part) {
		for (Workload.Stored table : workload.tables()) {
			this.jdbc.execute("COPY %s FROM '%s' (FORMAT binary)".formatted(table.name(), file(workload, table, part)));
		}
	}

	@Override
	public void close() throws IOException {
		FileSystemUtils.deleteRecursively(this.directory);
	}

}
