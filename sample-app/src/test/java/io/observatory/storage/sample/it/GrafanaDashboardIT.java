package io.observatory.storage.sample.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Asks a database what each panel of docs/grafana/observatory.json asks, with the macros
 * of Grafana's PostgreSQL data source written out.
 */
class GrafanaDashboardIT {

	private static JsonNode dashboard;

	private static TestDatabase database;

	@BeforeAll
	static void read() throws Exception {
		dashboard = JsonMapper.shared()
			.readTree(Files.readString(Path.of("..", "docs", "grafana", "observatory.json")));
		database = TestDatabase.withCalls();
	}

	@TestFactory
	List<DynamicTest> eachPanelHasAnAnswer() {
		return dashboard.get("panels")
			.valueStream()
			.map((panel) -> DynamicTest.dynamicTest(panel.get("title").asString(), () -> assertHasAnAnswer(panel)))
			.toList();
	}

	private static void assertHasAnAnswer(JsonNode panel) {
		JsonNode target = panel.get("targets").get(0);
		List<Map<String, Object>> rows = database.jdbc().queryForList(expanded(target.get("rawSql").asString()));
		assertThat(rows).isNotEmpty();
		if (target.get("format").asString().equals("time_series")) {
			assertThat(rows.get(0).keySet()).hasSize(3).startsWith("time", "metric");
			assertThat(rows).extracting((row) -> (Date) row.get("time")).isSorted();
		}
		else {
			assertThat(rows.get(0)).doesNotContainKey("time");
		}
	}

	private static String expanded(String sql) {
		Instant now = Instant.now();
		String from = "'" + now.minus(Duration.ofHours(6)) + "'";
		String to = "'" + now + "'";
		String expanded = sql.replaceAll("\\$__timeFilter\\((\\w+)\\)", "$1 BETWEEN " + from + " AND " + to)
			.replace("$__timeFrom()", from)
			.replace("$__timeTo()", to)
			.replace("$__interval_ms", "60000");
		assertThat(expanded).doesNotContain("$");
		return expanded;
	}

	@Test
	void noPanelReadsWithoutATimeAndEachHasItsPlace() {
		assertThat(dashboard.get("panels").valueStream()).hasSizeGreaterThan(10).allSatisfy((panel) -> {
			assertThat(panel.get("targets").get(0).get("rawSql").asString()).contains("$__time");
			assertThat(panel.get("datasource").get("uid").asString()).isEqualTo("${datasource}");
			assertThat(panel.get("gridPos").get("x").asInt() + panel.get("gridPos").get("w").asInt())
				.isLessThanOrEqualTo(24);
		});
	}

}
