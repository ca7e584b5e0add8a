package io.observatory.storage.sample.stats;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.observatory.storage.writer.BufferStats;
import io.observatory.storage.writer.WriteStats;
import io.observatory.storage.writer.Writer;
import io.observatory.storage.writer.WriterStatus;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Says how many rows each table holds, and what each writer has done since the start.
 */
@RestController
class StatsController {

	private final TableCounts tables;

	private final List<Writer> writers;

	StatsController(TableCounts tables, List<Writer> writers) {
		this.tables = tables;
		this.writers = writers;
	}

	@GetMapping("/api/stats")
	Stats stats() {
		return new Stats(this.tables.count(), writers(this.writers));
	}

	private static Map<String, WriterView> writers(Collection<Writer> writers) {
		Map<String, WriterView> views = new TreeMap<>();
		writers.forEach((writer) -> views.put(writer.name(),
				new WriterView(writer.status(), writer.bufferStats(), writer.writeStats())));
		return views;
	}

	record Stats(Map<String, Long> tables, Map<String, WriterView> writers) {
	}

	record WriterView(WriterStatus status, BufferStats buffer, WriteStats written) {
	}

}
