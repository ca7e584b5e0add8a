package io.observatory.storage.engine;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.buffer.FullPolicy;
import io.observatory.storage.config.DropListener.Drop;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.fault.CuttingProxy;
import io.observatory.storage.fault.Stored;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every drop is told, with its reason and what kind of records it was, and said in the
 * log.
 */
@Timeout(60)
class DropListenerIT {

	private final Database database = Database.get();

	private final Queue<Drop> drops = new ConcurrentLinkedQueue<>();

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final Logger logger = (Logger) LoggerFactory.getLogger(Drops.class);

	@BeforeEach
	void start() {
		this.database.clear();
		this.log.start();
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void detach() {
		this.logger.detachAppender(this.log);
	}

	@Test
	void aFullBufferTellsOfEachKindThatItDropped() {
		MetricWriter writer = new MetricWriter(this.database.dataSource(),
				config().maxBufferRows(10).fullPolicy(FullPolicy.DROP_NEWEST).build());
		try (writer) {
			writer.pause();
			for (int i = 0; i < 9; i++) {
				writer.writeDataPoint(Records.point("requests", i));
			}
			assertThat(this.drops).isEmpty();
			writer.write(List.of(Records.metric("requests")),
					List.of(Records.point("requests", 10), Records.point("requests", 11)));
			assertThat(this.drops).containsExactly(new Drop("metrics", DropReason.BUFFER_FULL, "metrics", 1),
					new Drop("metrics", DropReason.BUFFER_FULL, "metric_data_points", 2));
			writer.writeDataPoints(List.of(Records.point("requests", 12), Records.point("requests", 13)));
			assertThat(this.drops).hasSize(3)
				.contains(new Drop("metrics", DropReason.BUFFER_FULL, "metric_data_points", 2));
			assertThat(writer.writeStats().dropped()).containsEntry(DropReason.BUFFER_FULL, told());
		}
		Stored.assertSettled(writer, 9, 0, 5);
		assertThat(this.log.list).singleElement()
			.satisfies((event) -> assertThat(event.getFormattedMessage()).contains("'metrics'", "BUFFER_FULL", "3"));
	}

	@Test
	void theListenerIsCalledOnTheDroppingThreadAndNoLockIsHeld() {
		Queue<Thread> threads = new ConcurrentLinkedQueue<>();
		Queue<Long> counted = new ConcurrentLinkedQueue<>();
		CompletableFuture<LogWriter> opened = new CompletableFuture<>();
		LogWriter writer = new LogWriter(this.database.dataSource(),
				config().maxBufferRows(1).fullPolicy(FullPolicy.DROP_NEWEST).dropListener((drop) -> {
					threads.add(Thread.currentThread());
					// on another thread, which a lock would keep waiting
					counted.add(CompletableFuture.supplyAsync(() -> opened.join().writeStats())
						.orTimeout(10, TimeUnit.SECONDS)
						.join()
						.droppedTotal());
				}).build());
		opened.complete(writer);
		try (writer) {
			writer.pause();
			writer.writeLog(Records.log(1));
			writer.writeLog(Records.log(2));
			assertThat(threads).containsExactly(Thread.currentThread());
			assertThat(counted).as("dropped when it was told").containsExactly(1L);
		}
	}

	@Test
	void aListenerThatThrowsHarmsNobodyAndIsNamedOnceByItsClass() {
		LogWriter writer = new LogWriter(this.database.dataSource(),
				config().maxBufferRows(1).fullPolicy(FullPolicy.DROP_NEWEST).dropListener((drop) -> {
					this.drops.add(drop);
					if (this.drops.size() > 1) {
						throw new NoClassDefFoundError("secret");
					}
					throw new IllegalStateException("secret");
				}).build());
		try (writer) {
			writer.pause();
			writer.writeLog(Records.log(1));
			for (int i = 0; i < 3; i++) {
				writer.writeLog(Records.log(2));
			}
		}
		assertThat(told()).isEqualTo(3);
		Stored.assertSettled(writer, 1, 0, 3);
		assertThat(this.log.list).extracting(ILoggingEvent::getFormattedMessage)
			.filteredOn((message) -> message.contains("DropListener"))
			.singleElement()
			.satisfies((message) -> assertThat(message).contains("IllegalStateException").doesNotContain("secret"));
		assertThat(this.log.list).allSatisfy((event) -> assertThat(event.getThrowableProxy()).isNull());
	}

	@Test
	void whatCloseAbandonsIsToldByKindInFlightIncluded() {
		try (CuttingProxy proxy = new CuttingProxy(this.database.port())) {
			proxy.down();
			TraceWriter writer = new TraceWriter(proxy.dataSource(),
					config().batchSize(5).maxConcurrency(1).closeTimeout(Duration.ofMillis(100)).build());
			for (int i = 0; i < 5; i++) {
				writer.writeSpan(Records.span(1, i));
			}
			Awaitility.await().untilAsserted(() -> assertThat(writer.writeStats().inFlight()).isEqualTo(5));
			writer.writeSpan(Records.span(1, 5));
			writer.writeEvents(List.of(event(1), event(2)));
			writer.writeTrace(Trace.builder()
				.traceId(Records.traceId(1))
				.serviceName("checkout")
				.startTime(Records.START)
				.build());
			assertThat(this.drops).isEmpty();
			writer.close();
			assertThat(this.drops).containsExactlyInAnyOrder(new Drop("traces", DropReason.CLOSED, "trace_spans", 6),
					new Drop("traces", DropReason.CLOSED, "trace_events", 2),
					new Drop("traces", DropReason.CLOSED, "traces", 1));
			assertThat(writer.writeStats().dropped()).containsEntry(DropReason.CLOSED, 9L);
			Stored.assertSettled(writer, 0, 0, 9);
			writer.close();
			assertThat(told()).isEqualTo(9);
		}
	}

	private static TraceEvent event(long number) {
		return TraceEvent.builder()
			.traceId(Records.traceId(1))
			.spanId(Records.spanId(number))
			.name("cache miss")
			.timestamp(Records.START)
			.build();
	}

	private WriterConfig.Builder config() {
		return WriterConfig.logs().dropListener(this.drops::add);
	}

	private long told() {
		return this.drops.stream().mapToLong(Drop::records).sum();
	}

}
