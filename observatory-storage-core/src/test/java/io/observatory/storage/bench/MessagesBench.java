package io.observatory.storage.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.row.RowEncoder;
import io.observatory.storage.row.RowFormat;
import io.observatory.storage.table.DataPointsTable;
import io.observatory.storage.table.LogsTable;
import io.observatory.storage.table.Schema;
import io.observatory.storage.table.Table;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The size of the messages that COPY sends rows in, which the library keeps as a
 * constant: the same rows encoded and sent in messages of several sizes, without lanes,
 * over 2 connections.
 */
final class MessagesBench {

	private static final int[] KILOBYTES = { 16, 4, 8, 32, 64, 128 };

	private static final int CONNECTIONS = 2;

	private final BenchServer server;

	private final BenchOptions options;

	MessagesBench(BenchServer server, BenchOptions options) {
		this.server = server;
		this.options = options;
	}

	void run() throws IOException {
		Variants variants = new Variants(List.of(group(new LogsWorkload(), new LogsTable()),
				group(new PointsWorkload(), new DataPointsTable())));
		variants.run(this.options.rounds(5));
		variants.report(this.options.directory(), "messages");
	}

	private <T> List<Variant> group(Workload<T> workload, Table<T> table) {
		List<Variant> group = new ArrayList<>();
		long rows = workload.rows(this.options.scale(1.5));
		for (int kilobytes : KILOBYTES) {
			Cell cell = new Cell(workload, new Copy<>(table, kilobytes << 10, this.server.plain()), CONNECTIONS);
			Map<String, Object> labels = new LinkedHashMap<>();
			labels.put("table", workload.name());
			labels.put("messageKilobytes", kilobytes);
			group.add(new Variant(labels, () -> {
				Measurement measurement = this.server.measure(cell, rows);
				Map<String, Double> figures = new LinkedHashMap<>(Variant.figures(measurement));
				figures.put("clientCpuMicrosPerRow", measurement.cpuMicrosPerRow());
				return figures;
			}));
		}
		return group;
	}

	/** Rows by COPY, in messages of a size. */
	private record Copy<R>(Table<R> table, int messageSize, DataSource dataSource) implements Technique {

		@Override
		public String name() {
			return "COPY";
		}

		@Override
		public int batch() {
			return WriterConfig.DEFAULT_MAX_BATCH_ROWS;
		}

		@Override
		public double share() {
			return 1;
		}

		@Override
		@SuppressWarnings("unchecked")
		public <T> Session open(Workload<T> workload, int connections) {
			JdbcTemplate jdbc = new JdbcTemplate(this.dataSource);
			return (from, to) -> {
				RowEncoder row = new RowEncoder(InputPolicy.DEFAULT, Clock.systemUTC());
				workload.batches(from, to, batch(), (records) -> {
					row.reset();
					records.forEach((record) -> this.table.write((R) record, row));
					jdbc.execute((ConnectionCallback<Long>) (connection) -> send(connection.unwrap(PGConnection.class),
							row));
				});
			};
		}

		private long send(PGConnection connection, RowEncoder rows) throws SQLException {
			CopyIn copy = connection.getCopyAPI().copyIn(this.table.copy(new Schema("observatory")));
			copy.writeToCopy(RowFormat.header(), 0, RowFormat.header().length);
			for (int from = 0; from < rows.length(); from += this.messageSize) {
				copy.writeToCopy(rows.bytes(), from, Math.min(this.messageSize, rows.length() - from));
			}
			copy.writeToCopy(RowFormat.trailer(), 0, RowFormat.trailer().length);
			return copy.endCopy();
		}

	}

}
