package io.observatory.storage.spring;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is shown of a database's URL.
 */
class StorageDatabaseTest {

	@ParameterizedTest
	@CsvSource({ "jdbc:postgresql://localhost:1/shop?user=me&password=hunter2, localhost:1",
			"jdbc:postgresql://db.invalid/shop, db.invalid",
			"jdbc:postgresql://me:hunter2@localhost:1/shop, localhost:1", "jdbc:postgresql://[::1]:1/shop, [::1]:1",
			"'jdbc:postgresql://one:1,two:1/shop',", "jdbc:postgresql:shop,", "jdbc:postgresql://localhost:1/a b,",
			"x," })
	void theHostAndThePortAndNothingElse(String url, @Nullable String address) {
		try (HikariDataSource pool = pool(url)) {
			assertThat(StorageDatabase.shared(pool, 1).address()).isEqualTo(address);
		}
	}

	@Test
	void alsoOfAPoolThatIsWrapped() {
		try (HikariDataSource pool = pool("jdbc:postgresql://localhost:1/shop")) {
			DataSource wrapped = new LazyConnectionDataSourceProxy(pool);
			assertThat(StorageDatabase.shared(wrapped, 1).address()).isEqualTo("localhost:1");
		}
	}

	@Test
	void whereThereIsNoneThereIsNothingToShow() {
		assertThat(StorageDatabase.none().address()).isNull();
	}

	private static HikariDataSource pool(String url) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(url);
		pool.setConnectionTimeout(250);
		return pool;
	}

}
