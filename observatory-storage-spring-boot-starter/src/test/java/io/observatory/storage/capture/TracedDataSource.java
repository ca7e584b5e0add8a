package io.observatory.storage.capture;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Makes a span of OpenTelemetry and an observation of each connection that somebody gets,
 * as the libraries do that trace a DataSource.
 */
final class TracedDataSource extends DelegatingDataSource {

	private final Tracer tracer;

	private final ObservationRegistry observations;

	TracedDataSource(DataSource target, Tracer tracer, ObservationRegistry observations) {
		super(target);
		this.tracer = tracer;
		this.observations = observations;
	}

	@Override
	public Connection getConnection() throws SQLException {
		Span span = this.tracer.spanBuilder("connection").startSpan();
		try {
			return Observation.createNotStarted("jdbc.connection", this.observations)
				.observeChecked(() -> super.getConnection());
		}
		finally {
			span.end();
		}
	}

}
