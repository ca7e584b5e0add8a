package io.observatory.storage.fault;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import javax.sql.DataSource;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.config.SpoolConfig;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.LoggerFactory;

/**
 * A process that writes logs, points and spans through a spool, as fast as it may, until
 * it is killed. Each span is written twice, open and then corrected.
 */
final class SpoolChild {

	static final List<Subject> SUBJECTS = List.of(Subject.LOGS, Subject.POINTS, Subject.SPANS);

	private SpoolChild() {
	}

	/** Where a process stops to be killed. */
	enum Point {

		/** Wherever it is. */
		ANYWHERE,

		/** A transaction is about to be committed. */
		BEFORE_COMMIT,

		/** A transaction is committed, and nothing of what follows is done. */
		AFTER_COMMIT,

		/** A log of a dead process is found, and nothing is sent of it. */
		ADOPTED,

		/** The lane of a log is taken over, and nothing is committed. */
		LANE_OPENED,

		/** It has no memory left, and ends itself. */
		OUT_OF_MEMORY

	}

	public static void main(String[] arguments) throws Exception {
		Acknowledged acknowledged = Acknowledged.in(Path.of(arguments[2]));
		Stop stop = new Stop(acknowledged, Point.valueOf(arguments[3]), Integer.parseInt(arguments[4]));
		PGSimpleDataSource server = new PGSimpleDataSource();
		server.setUrl(arguments[0]);
		server.setConnectTimeout(2);
		DataSource dataSource = stop.on(server);
		stop.onAdoption();
		List<Thread> producers = new ArrayList<>();
		for (Subject subject : SUBJECTS) {
			Writer writer = subject.open(dataSource, config(Path.of(arguments[1])).build());
			writer.startAutoFlush();
			producers.add(new Thread(() -> produce(writer, subject, acknowledged), subject.table()));
		}
		producers.forEach(Thread::start);
		acknowledged.ready(true);
		if (stop.point == Point.OUT_OF_MEMORY) {
			fillMemory();
		}
	}

	private static void fillMemory() {
		List<long[]> memory = new ArrayList<>();
		while (true) {
			memory.add(new long[64 * 1024]);
			LockSupport.parkNanos(1_000_000);
		}
	}

	static WriterConfig.Builder config(Path directory) {
		return WriterConfig.logs()
			.batchSize(200)
			.maxBatchRows(2000)
			.maxConcurrency(2)
			.flushInterval(Duration.ofMillis(50))
			.retry(new RetryConfig(3, Duration.ofMillis(5), 2, Duration.ofMillis(20)))
			.spool(new SpoolConfig(directory, SpoolConfig.Level.PROCESS, 256L << 20, Duration.ZERO,
					Duration.ofMillis(300)));
	}

	private static void produce(Writer writer, Subject subject, Acknowledged acknowledged) {
		long next = acknowledged.begun(subject);
		while (true) {
			acknowledged.begun(subject, next + 1);
			write(writer, subject, next);
			next++;
			acknowledged.accepted(subject, next);
			if (!isBalanced(writer.writeStats())) {
				acknowledged.unbalanced();
			}
			LockSupport.parkNanos(20_000);
		}
	}

	private static boolean isBalanced(WriteStats stats) {
		return stats.accepted() == stats.stored() + stats.deadLettered() + stats.droppedTotal() + stats.buffered()
				+ stats.inFlight();
	}

	private static void write(Writer writer, Subject subject, long number) {
		while (true) {
			try {
				if (subject == Subject.SPANS) {
					((TraceWriter) writer)
						.writeSpan(Records.span(number / 10, number).toBuilder().endTime(null).build());
				}
				subject.write(writer, number);
				return;
			}
			catch (BufferFullException ex) {
				// as long as it takes
			}
		}
	}

	/**
	 * Stops the process where it is to be killed, the so-manieth time it comes there.
	 */
	private static final class Stop {

		private final Acknowledged acknowledged;

		private final Point point;

		private final AtomicInteger left;

		private final ThreadLocal<Boolean> opening = ThreadLocal.withInitial(() -> false);

		Stop(Acknowledged acknowledged, Point point, int times) {
			this.acknowledged = acknowledged;
			this.point = point;
			this.left = new AtomicInteger(times);
		}

		private void at(Point here) {
			if (here == this.point && this.left.decrementAndGet() <= 0) {
				this.acknowledged.atPoint(true);
				while (true) {
					LockSupport.park(this);
				}
			}
		}

		DataSource on(DataSource dataSource) {
			return wrap(DataSource.class, SqlHook.on(dataSource, (sql) -> {
				// the lane was taken over by the statement before
				if (this.opening.get() && sql.contains("SET position")) {
					at(Point.LANE_OPENED);
				}
				this.opening.set(sql.contains("AS l (id"));
				return sql;
			}));
		}

		private <T> T wrap(Class<T> type, T target) {
			return type.cast(Proxy.newProxyInstance(SpoolChild.class.getClassLoader(), new Class<?>[] { type },
					(proxy, method, args) -> {
						try {
							if (method.getName().equals("commit")) {
								at(Point.BEFORE_COMMIT);
							}
							Object result = method.invoke(target, args);
							if (method.getName().equals("commit")) {
								at(Point.AFTER_COMMIT);
							}
							return method.getName().equals("getConnection")
									? wrap(Connection.class, (Connection) result) : result;
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					}));
		}

		/** The log says when a log of a dead process is taken over. */
		void onAdoption() {
			Logger logger = (Logger) LoggerFactory.getLogger("io.observatory.storage.buffer.disk");
			AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
				@Override
				protected void append(ILoggingEvent event) {
					if (event.getMessage().contains("takes over")) {
						at(Point.ADOPTED);
					}
				}
			};
			appender.start();
			logger.addAppender(appender);
		}

	}

}
