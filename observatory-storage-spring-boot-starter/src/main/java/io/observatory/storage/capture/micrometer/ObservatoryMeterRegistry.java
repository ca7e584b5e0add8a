package io.observatory.storage.capture.micrometer;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.step.StepMeterRegistry;
import io.micrometer.core.instrument.step.StepRegistryConfig;
import io.micrometer.core.instrument.util.NamedThreadFactory;
import io.observatory.storage.capture.MetricStreams;
import io.observatory.storage.capture.TelemetryResource;
import io.observatory.storage.capture.ValidMetrics;
import io.observatory.storage.config.StoragePool;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.model.Ids;
import io.observatory.storage.model.Metric;
import io.observatory.storage.session.Untraced;
import io.observatory.storage.writer.MetricWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Publishes meters into a {@link MetricWriter}, once a step and when it is closed.
 * Counters, timers and summaries are stored as the increase of the step, and not at all
 * if there is none; times are in seconds. A metric is written when it is new or has
 * changed; its points are written each time. Publishing never waits: records that find no
 * room in the writer's buffer are dropped, and counted there.
 * <p>
 * The meters of this library are left out, so that it does not store data about itself.
 * Thread-safe.
 */
public final class ObservatoryMeterRegistry extends StepMeterRegistry implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(ObservatoryMeterRegistry.class);

	private static final long TELL_AGAIN_MILLIS = TimeUnit.DAYS.toMillis(1);

	private final Supplier<@Nullable MetricWriter> writer;

	private final TelemetryResource resource;

	private final MetricStreams streams;

	private final long stepMillis;

	private final Map<UUID, Metric> written = new ConcurrentHashMap<>();

	private final AtomicBoolean warned = new AtomicBoolean();

	private volatile long published;

	private volatile long told;

	private volatile boolean closing;

	private volatile boolean later;

	/**
	 * Creates a registry, which publishes from {@link #afterSingletonsInstantiated()} on.
	 * @param writer the writer, or null as long as it does not exist
	 * @param resource this application; an instance without an id gets a new one, so that
	 * two instances never mix
	 * @param step how often it publishes
	 * @param clock tells the time
	 */
	public ObservatoryMeterRegistry(Supplier<@Nullable MetricWriter> writer, TelemetryResource resource, Duration step,
			Clock clock) {
		super(new Config(step), clock);
		this.writer = writer;
		this.resource = withInstance(resource);
		this.streams = MetricStreams.of(this.resource.attributes());
		this.stepMillis = step.toMillis();
		this.published = clock.wallTime();
		config().namingConvention(NamingConvention.dot).meterFilter(MeterFilter.deny(ObservatoryMeterRegistry::isOurs));
	}

	private static TelemetryResource withInstance(TelemetryResource resource) {
		Map<String, @Nullable Object> attributes = new HashMap<>(resource.attributes());
		attributes.putIfAbsent(TelemetryResource.SERVICE_INSTANCE, Ids.next().toString());
		return new TelemetryResource(resource.serviceName(), attributes);
	}

	private static boolean isOurs(Meter.Id id) {
		return id.getName().startsWith("observatory.storage.") || StoragePool.NAME.equals(id.getTag("pool"));
	}

	@Override
	public void afterSingletonsInstantiated() {
		ThreadFactory threads = new NamedThreadFactory("observatory-micrometer");
		start((task) -> threads.newThread(Untraced.task(task)));
	}

	@Override
	protected TimeUnit getBaseTimeUnit() {
		return TimeUnit.SECONDS;
	}

	@Override
	protected Timer newTimer(Meter.Id id, DistributionStatisticConfig config, PauseDetector pauseDetector) {
		return new HistogramTimer(id, this.clock, config, pauseDetector, getBaseTimeUnit(), this.stepMillis,
				new StepHistogram(this.clock, this.stepMillis, config));
	}

	@Override
	protected DistributionSummary newDistributionSummary(Meter.Id id, DistributionStatisticConfig config,
			double scale) {
		return new HistogramSummary(id, this.clock, config, scale, this.stepMillis,
				new StepHistogram(this.clock, this.stepMillis, config));
	}

	@Override
	protected void publish() {
		MetricWriter target = this.writer.get();
		if (target == null) {
			return;
		}
		MeterMapping mapping = new MeterMapping(this.resource, this.streams, config().namingConvention(),
				getBaseTimeUnit(), nextStep());
		getMeters().forEach(mapping::add);
		tellAllOnceADay();
		List<Metric> changed = mapping.metrics()
			.stream()
			.filter((metric) -> !metric.equals(this.written.get(metric.id())))
			.toList();
		if (ValidMetrics.offer(target, changed, mapping.points(), this::warnOnce)) {
			changed.forEach((metric) -> this.written.put(metric.id(), metric));
		}
	}

	/**
	 * One that had no points for long may have been removed. A clock that was set back
	 * counts as a day, too.
	 */
	private void tellAllOnceADay() {
		long now = this.clock.wallTime();
		if (Math.abs(now - this.told) > TELL_AGAIN_MILLIS) {
			this.told = now;
			this.written.clear();
		}
	}

	private MeterMapping.Step nextStep() {
		long now = this.clock.wallTime();
		long start = this.published;
		this.published = this.closing ? now : now - now % this.stepMillis;
		return new MeterMapping.Step(Instant.ofEpochMilli(Math.min(start, this.published)),
				Instant.ofEpochMilli(this.published), Instant.ofEpochMilli(now));
	}

	private void warnOnce(InvalidRecordException problem) {
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("A meter cannot be stored and is left out; said once. {}", problem.getMessage());
		}
	}

	/**
	 * Publishes the last step although it is not over. When the application stops, this
	 * happens after everything was measured.
	 */
	@Override
	public void close() {
		if (!this.later) {
			this.closing = true;
			super.close();
		}
	}

	/** Makes {@link #close()} wait for {@link #closeNow()}. */
	void closeLater() {
		this.later = true;
	}

	void closeNow() {
		this.later = false;
		close();
	}

	/**
	 * What Micrometer requires.
	 */
	private record Config(Duration step) implements StepRegistryConfig {

		@Override
		public String prefix() {
			return "observatory";
		}

		@Override
		public @Nullable String get(String key) {
			return null;
		}

	}

}
