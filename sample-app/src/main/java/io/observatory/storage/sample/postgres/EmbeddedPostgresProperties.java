package io.observatory.storage.sample.postgres;

import java.nio.file.Path;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the embedded PostgreSQL.
 *
 * @param directory holds the database, its password, the server's binaries and its log; a
 * relative path starts at the working directory. Other users have no access to it
 * @param port the server's port, 0 for any that is free
 */
@ConfigurationProperties("sample.postgres")
record EmbeddedPostgresProperties(@DefaultValue("data") Path directory, @DefaultValue("0") int port) {
}
