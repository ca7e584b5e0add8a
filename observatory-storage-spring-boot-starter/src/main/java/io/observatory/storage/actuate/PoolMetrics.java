package io.observatory.storage.actuate;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.observatory.storage.spring.StorageDatabase;

/**
 * Adds HikariCP's meters for the pool of the writers, which Spring Boot does not find
 * because it is not a bean.
 */
public final class PoolMetrics implements MeterBinder {

	private final StorageDatabase database;

	public PoolMetrics(StorageDatabase database) {
		this.database = database;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		// A pool accepts one factory only.
		if (this.database.isOwnPool() && this.database.dataSource() instanceof HikariDataSource pool
				&& pool.getMetricsTrackerFactory() == null) {
			pool.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(registry));
		}
	}

}
