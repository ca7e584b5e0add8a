package io.observatory.storage.sample.stats;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import io.observatory.storage.stats.BufferStats;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.stats.WriterStatus;
import io.observatory.storage.writer.Writer;

import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Returns the number of rows of each table, at most a second old, and the counts of each
 * writer since the start.
 */
@RestController
class StatsController {

	private final RecentCounts tables;

	private final List<Writer> writers;

	StatsController(RecentCounts tables, List<Writer> writers) {
		this.tables = tables;
		this.writers = writers;
	}

	@GetMapping("/api/stats")
	CompletableFuture<Stats> stats() {
		return this.tables.get().thenApply((rows) -> new Stats(rows, writers(this.writers)));
	}

	@ExceptionHandler
	@ResponseStatus(HttpStatus.SERVICE_UNAVAILABLE)
	Failure notCounted(DataAccessException ex) {
		return new Failure("The rows of the tables could not be counted: there are too many to be counted in a few "
				+ "seconds, or the database does not answer. /actuator/observatory says what the writers do.");
	}

	private static Map<String, WriterView> writers(Collection<Writer> writers) {
		Map<String, WriterView> views = new TreeMap<>();
		writers.forEach((writer) -> views.put(writer.name(),
				new WriterView(writer.status(), writer.bufferStats(), writer.writeStats())));
		return views;
	}

	record Stats(Map<String, Long> tables, Map<String, WriterView> writers) {
	}

	record Failure(String error) {
	}

	record WriterView(WriterStatus status, BufferStats buffer, WriteStats written) {
	}

}
