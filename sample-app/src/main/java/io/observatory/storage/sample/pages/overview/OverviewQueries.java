package io.observatory.storage.sample.pages.overview;

import io.observatory.storage.sample.pages.PagesDatabase;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class OverviewQueries {

	private final JdbcClient jdbc;

	OverviewQueries(PagesDatabase database) {
		this.jdbc = database.jdbc();
	}

	boolean isAnythingStored() {
		return this.jdbc.sql("""
				SELECT EXISTS (SELECT FROM trace_spans)
				    OR EXISTS (SELECT FROM logs)
				    OR EXISTS (SELECT FROM metric_data_points)
				""").query(Boolean.class).single();
	}

}
