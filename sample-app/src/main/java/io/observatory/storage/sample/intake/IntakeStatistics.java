package io.observatory.storage.sample.intake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Counts accepted and refused requests and records, for meters and pages. Logs the
 * reasons, each at most once a minute, and never shows what was sent. Thread-safe.
 */
@Component
public final class IntakeStatistics {

	private static final Logger logger = LoggerFactory.getLogger(IntakeStatistics.class);

	private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

	private final MeterRegistry meters;

	private final Clock clock;

	private final Map<Source, Counts> counts = new ConcurrentHashMap<>();

	private final Map<RefusalReason, Problem> problems = new ConcurrentHashMap<>();

	private final Map<RefusalReason, Instant> warned = new ConcurrentHashMap<>();

	IntakeStatistics(MeterRegistry meters, Clock clock) {
		this.meters = meters;
		this.clock = clock;
	}

	void memory(MemoryBudget memory) {
		this.meters.gauge("intake.memory.used", memory, MemoryBudget::used);
		this.meters.gauge("intake.memory.max", memory, MemoryBudget::max);
	}

	void taken(Source source, Answer answer) {
		Counts of = request(source, "taken");
		of.taken.add(answer.taken());
		records(source, "taken", answer.taken());
		answer.rejected().forEach((reason, records) -> {
			of.rejected.add(records);
			records(source, reason.label(), records);
			problem(source, reason, records, answer.message());
		});
	}

	void duplicate(Source source, Answer answer) {
		request(source, "duplicate").duplicates.increment();
		records(source, "duplicate", answer.taken());
	}

	void refused(Source source, RequestException ex) {
		request(source, ex.reason().label()).refused.increment();
		problem(source, ex.reason(), 0, ex.getMessage());
	}

	private Counts request(Source source, String outcome) {
		this.meters.counter("intake.requests", tags(source, outcome)).increment();
		Counts of = this.counts.computeIfAbsent(source, (key) -> new Counts());
		of.requests.increment();
		return of;
	}

	private void records(Source source, String outcome, long records) {
		this.meters.counter("intake.records", tags(source, outcome)).increment(records);
	}

	private static Tags tags(Source source, String outcome) {
		return Tags.of("signal", source.signal(), "protocol", source.protocol(), "outcome", outcome);
	}

	private void problem(Source source, RefusalReason reason, long records, String message) {
		Instant now = this.clock.instant();
		this.problems.merge(reason, new Problem(reason, (records > 0) ? 0 : 1, records, source, now, message),
				Problem::and);
		if (isDue(reason, now)) {
			logger.warn(
					"{} of {} by {}: {}. This is said once a minute for each reason; the page /writers has the counts",
					(records > 0) ? "Records rejected" : "Request refused", source.signal(), source.protocol(),
					message);
		}
	}

	private boolean isDue(RefusalReason reason, Instant now) {
		return this.warned
			.merge(reason, now,
					(last, next) -> Duration.between(last, next).abs().compareTo(BETWEEN_WARNINGS) < 0 ? last : next)
			.equals(now);
	}

	/**
	 * Returns the counts since the start, by source.
	 */
	public List<Line> lines() {
		return this.counts.entrySet()
			.stream()
			.map((entry) -> entry.getValue().line(entry.getKey()))
			.sorted(Comparator.comparing((Line line) -> line.source().signal())
				.thenComparing((line) -> line.source().protocol()))
			.toList();
	}

	/**
	 * Returns why requests were refused and records rejected, each reason with the last
	 * time.
	 */
	public List<Problem> problems() {
		return this.problems.values().stream().sorted(Comparator.comparing(Problem::lastAt).reversed()).toList();
	}

	/**
	 * The counts of one source.
	 *
	 * @param source where the requests came from
	 * @param requests how many
	 * @param taken number of accepted records
	 * @param rejected number of rejected records
	 * @param refused how many requests were refused as a whole
	 * @param duplicates number of requests that were sent again
	 */
	public record Line(Source source, long requests, long taken, long rejected, long refused, long duplicates) {
	}

	/**
	 * One reason why requests were refused or records rejected.
	 *
	 * @param reason the reason
	 * @param requests how many requests were refused for it
	 * @param records how many records were rejected for it
	 * @param lastSource where the last of them came from
	 * @param lastAt when
	 * @param lastMessage the answer to its sender
	 */
	public record Problem(RefusalReason reason, long requests, long records, Source lastSource, Instant lastAt,
			String lastMessage) {

		private Problem and(Problem next) {
			return new Problem(this.reason, this.requests + next.requests, this.records + next.records, next.lastSource,
					next.lastAt, next.lastMessage);
		}

	}

	private static final class Counts {

		private final LongAdder requests = new LongAdder();

		private final LongAdder taken = new LongAdder();

		private final LongAdder rejected = new LongAdder();

		private final LongAdder refused = new LongAdder();

		private final LongAdder duplicates = new LongAdder();

		private Line line(Source source) {
			return new Line(source, this.requests.sum(), this.taken.sum(), this.rejected.sum(), this.refused.sum(),
					this.duplicates.sum());
		}

	}

}
