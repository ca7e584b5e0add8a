package io.observatory.storage.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * One PostgreSQL for all tests; each test gets its database anew. The role
 * {@code postgres} needs no password, every other one does.
 */
public final class Postgres {

	/** A session time zone that is not the JVM's. */
	public static final String SET_TIME_ZONE = "SET TIME ZONE 'Asia/Kathmandu'";

	private static final EmbeddedPostgres SERVER = start();

	private static final String DATABASE = "test";

	private Postgres() {
	}

	private static EmbeddedPostgres start() {
		try {
			EmbeddedPostgres server = EmbeddedPostgres.builder()
				.setRegisterShutdownHook(false)
				.setServerConfig("fsync", "off")
				.start();
			Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server)));
			requirePasswords(new JdbcTemplate(server.getPostgresDatabase()));
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void close(EmbeddedPostgres server) {
		try {
			server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void requirePasswords(JdbcTemplate jdbc) throws IOException {
		String file = jdbc.queryForObject("SHOW hba_file", String.class);
		Files.write(Path.of(String.valueOf(file)),
				List.of("host all postgres 127.0.0.1/32 trust", "host all postgres ::1/128 trust",
						"host all all 127.0.0.1/32 scram-sha-256", "host all all ::1/128 scram-sha-256"));
		jdbc.execute("SELECT pg_reload_conf()");
	}

	public static int port() {
		return SERVER.getPort();
	}

	/**
	 * Empties the database and returns its name.
	 */
	public static String emptyDatabase() {
		return databaseLike("template1");
	}

	/**
	 * Empties the database but for the writers' schema, and returns its name.
	 */
	public static String migratedDatabase() {
		return databaseLike(Migrated.NAME);
	}

	private static String databaseLike(String template) {
		create(DATABASE, template);
		return DATABASE;
	}

	private static void create(String database, String template) {
		JdbcTemplate jdbc = new JdbcTemplate(SERVER.getPostgresDatabase());
		jdbc.execute("DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
		jdbc.execute("CREATE DATABASE " + database + " TEMPLATE " + template);
	}

	public static String url(String database) {
		return url(database, port());
	}

	public static String url(String database, int port) {
		return "jdbc:postgresql://localhost:" + port + "/" + database + "?user=postgres";
	}

	/** Migrated once, by an application, and copied from then on. */
	private static final class Migrated {

		static final String NAME = migrate("migrated");

		private static String migrate(String database) {
			create(database, "template1");
			App.onOwnPool(url(database)).run().close();
			return database;
		}

	}

	/**
	 * A view from outside of the application.
	 */
	public static JdbcTemplate jdbc(String database) {
		return new JdbcTemplate(new DriverManagerDataSource(url(database)));
	}

}
