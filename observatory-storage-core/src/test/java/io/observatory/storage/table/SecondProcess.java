package io.observatory.storage.table;

import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.writer.TraceWriter;

/**
 * The main class of another JVM that writes its share of a scenario: says that it is
 * ready, waits for a line, writes, and tells what became of its records.
 */
final class SecondProcess {

	private SecondProcess() {
	}

	public static void main(String[] arguments) throws Exception {
		int port = Integer.parseInt(arguments[0]);
		int order = Integer.parseInt(arguments[1]);
		WriteMethod method = WriteMethod.valueOf(arguments[2]);
		List<Record> all = TraceWriting.records();
		List<Record> share = TraceScenario.share(TraceScenario.inOrder(all, order), order, 1);
		try (HikariDataSource dataSource = TraceWriting.pool(port)) {
			TraceWriter writer = new TraceWriter(dataSource, TraceWriting.config(method, order));
			System.out.println("ready");
			if (System.in.read() < 0) {
				throw new IllegalStateException("The first process is gone");
			}
			try (writer) {
				TraceWriting.write(writer, share);
			}
			System.out.println(TraceWriting.told(writer.writeStats()));
		}
	}

}
