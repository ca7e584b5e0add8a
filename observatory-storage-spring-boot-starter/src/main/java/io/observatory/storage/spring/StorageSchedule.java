package io.observatory.storage.spring;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import io.observatory.storage.session.Untraced;
import io.observatory.storage.writer.Writer;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * The scheduled tasks: flushes, retries of the migration, partitions, retention.
 * <p>
 * Scheduler, annotation processor and the annotated objects are all private to this bean,
 * and the processor knows no bean factory. So the application's own scheduling is not
 * affected: {@code @Scheduled} methods that it has not enabled stay disabled, its
 * {@code @EnableScheduling} does not run our tasks a second time, and its schedulers and
 * configurers are not used. No run of a task becomes an observation, which would become a
 * span that is written, flushed, and observed again.
 */
public final class StorageSchedule implements SmartInitializingSingleton, DisposableBean {

	private static final String INTERVAL = "interval";

	private final ThreadPoolTaskScheduler scheduler;

	private final ScheduledAnnotationBeanPostProcessor processor = new ScheduledAnnotationBeanPostProcessor();

	private final List<Writer> writers;

	private final MaintenanceTask upkeep;

	private final RetentionTask ageing;

	public StorageSchedule(List<Writer> writers, StorageSchema schema, @Nullable StoragePartitions partitions,
			Duration lanesInterval, StorageRetention retention, boolean virtualThreads) {
		this.writers = writers;
		this.upkeep = new MaintenanceTask(writers, schema, partitions, lanesInterval);
		this.ageing = new RetentionTask(schema, retention);
		this.scheduler = scheduler(virtualThreads);
	}

	private static ThreadPoolTaskScheduler scheduler(boolean virtualThreads) {
		ThreadPoolTaskScheduler scheduler = new UntracedScheduler();
		scheduler.setThreadNamePrefix("observatory-schedule-");
		scheduler.setDaemon(true);
		scheduler.setVirtualThreads(virtualThreads);
		// Maintenance and retention may wait for the database, and a flush must not wait
		// for them.
		scheduler.setPoolSize(3);
		// At the end the maintenance is interrupted, so that it returns its connection
		// before the pool closes.
		scheduler.setAwaitTerminationSeconds(2);
		return scheduler;
	}

	/**
	 * Untraced, because OpenTelemetry's agent passes on the trace of the thread that
	 * starts a task.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		Untraced.run(this::start);
	}

	private void start() {
		this.scheduler.initialize();
		this.processor.setScheduler(this.scheduler);
		for (Writer writer : this.writers) {
			schedule(new TimedFlush(writer), writer.config().flushInterval());
		}
		schedule(this.upkeep, Duration.ZERO);
		schedule(this.ageing, Duration.ZERO);
		this.processor.afterSingletonsInstantiated();
	}

	private void schedule(Object annotated, Duration interval) {
		this.processor.setEmbeddedValueResolver((text) -> text.equals(INTERVAL) ? interval.toString() : text);
		this.processor.postProcessAfterInitialization(annotated, annotated.getClass().getName());
	}

	/**
	 * Hints for the annotated methods, which are found by reflection on objects that are
	 * not beans.
	 */
	public static void registerHints(RuntimeHints hints) {
		hints.reflection().registerType(TimedFlush.class, MemberCategory.INVOKE_DECLARED_METHODS);
		hints.reflection().registerType(MaintenanceTask.class, MemberCategory.INVOKE_DECLARED_METHODS);
		hints.reflection().registerType(RetentionTask.class, MemberCategory.INVOKE_DECLARED_METHODS);
	}

	@Override
	public void destroy() {
		this.processor.destroy();
		this.scheduler.destroy();
	}

	/**
	 * Its threads are untraced from the beginning, because OpenTelemetry's agent creates
	 * a span before it calls a scheduled method.
	 */
	private static final class UntracedScheduler extends ThreadPoolTaskScheduler {

		private static final long serialVersionUID = 1L;

		@Override
		protected ScheduledExecutorService createExecutor(int poolSize, ThreadFactory threads,
				RejectedExecutionHandler rejected) {
			return super.createExecutor(poolSize, (task) -> threads.newThread(Untraced.task(task)), rejected);
		}

	}

	/**
	 * Asks a writer to store what it has buffered. The writer's own threads do it, so the
	 * task is short, and a slow database delays no other task.
	 */
	static final class TimedFlush {

		private final Writer writer;

		private TimedFlush(Writer writer) {
			this.writer = writer;
		}

		@Scheduled(initialDelayString = INTERVAL, fixedDelayString = INTERVAL)
		void flush() {
			this.writer.requestFlush();
		}

	}

	/**
	 * Migrates the schema and maintains its partitions.
	 */
	static final class MaintenanceTask {

		private final List<Writer> writers;

		private final StorageSchema schema;

		private final @Nullable StoragePartitions partitions;

		/** Whoever looks after the partitions: the lanes of this process are its own. */
		private final Upkeep lanes;

		private MaintenanceTask(List<Writer> writers, StorageSchema schema, @Nullable StoragePartitions partitions,
				Duration lanesInterval) {
			this.writers = writers;
			this.schema = schema;
			this.partitions = partitions;
			this.lanes = new Upkeep("lanes", lanesInterval);
		}

		@Scheduled(fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
		void run() {
			this.schema.tryMigrate();
			if (!this.schema.status().isUsable()) {
				return;
			}
			this.lanes.runWhenDue(() -> this.writers.forEach(Writer::renewLanes));
			if (this.partitions != null) {
				this.partitions.makeWhenDue();
			}
		}

	}

	/**
	 * Removes old records. It is apart from the maintenance, because it may take hours.
	 */
	static final class RetentionTask {

		private final StorageSchema schema;

		private final StorageRetention retention;

		private RetentionTask(StorageSchema schema, StorageRetention retention) {
			this.schema = schema;
			this.retention = retention;
		}

		@Scheduled(fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
		void run() {
			if (this.schema.status().isUsable()) {
				this.retention.runWhenDue();
			}
		}

	}

}
