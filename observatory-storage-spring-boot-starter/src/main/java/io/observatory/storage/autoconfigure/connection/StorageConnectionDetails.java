package io.observatory.storage.autoconfigure.connection;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where the writers' own connection pool connects to. A bean of this type gives the
 * writers such a pool and takes precedence over
 * {@code observatory.storage.datasource.url}, {@code username} and {@code password}. It
 * is not a {@code JdbcConnectionDetails}, because the application's DataSource would
 * connect there, too.
 */
public interface StorageConnectionDetails extends ConnectionDetails {

	/**
	 * The name of a container's or a service's connection that is meant for the writers.
	 */
	String CONNECTION_NAME = "observatory";

	/** Returns the JDBC URL of a PostgreSQL database. */
	String getJdbcUrl();

	/** Returns the login name, or null if the URL has it. */
	@Nullable String getUsername();

	/** Returns the password, or null if the URL has it or none is needed. */
	@Nullable String getPassword();

}
