package io.observatory.storage.sample.otlp;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import com.google.protobuf.Message;
import io.observatory.storage.sample.intake.Answer;
import io.observatory.storage.sample.intake.MemoryLease;
import io.observatory.storage.sample.intake.RefusalReason;
import io.observatory.storage.sample.intake.Request;
import io.observatory.storage.sample.mapping.BadRecordException;
import io.observatory.storage.sample.mapping.Origin;
import io.observatory.storage.writer.RecordBatch;
import io.observatory.storage.writer.Writer;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;

/**
 * Accepts the records of one signal, one by one: a record is decoded, encoded as a row,
 * and released. A bad record is rejected alone. All records of a bad resource or scope
 * are rejected.
 *
 * @param <B> the batch that collects the rows
 */
abstract class SignalIntake<B extends RecordBatch<?>> {

	private final Signal signal;

	private final Writer writer;

	private final Clock clock;

	SignalIntake(Signal signal, Writer writer, Clock clock) {
		this.signal = signal;
		this.writer = writer;
		this.clock = clock;
	}

	final Signal signal() {
		return this.signal;
	}

	/**
	 * Takes a request.
	 * @throws io.observatory.storage.sample.intake.RequestException when nothing of it
	 * was accepted
	 */
	final Answer take(Request request, EncodedMessage message, int bodySize) {
		request.checkRecords(countAll(message), bodySize);
		try (B batch = newBatch()) {
			return read(request, message, batch).finish();
		}
	}

	/** Reads the records into the batch. */
	final RequestWriter read(Request request, EncodedMessage message, B batch) {
		RequestWriter rows = new RequestWriter(request, batch, this.writer.config().maxBufferBytes());
		Reading reading = new Reading(batch, rows, request.lease(), this.clock.instant());
		message.forEach(this.signal.resources(), (resources) -> readResources(resources, reading));
		return rows;
	}

	private void readResources(EncodedMessage resources, Reading reading) {
		try {
			Resource resource = merged(resources, OtlpField.RESOURCE, Resource.getDefaultInstance(), reading.lease());
			Origin origin = Origin.of(resource);
			resources.forEach(this.signal.scopes(), (scopes) -> readScopes(scopes, origin, reading));
		}
		catch (BadRecordException ex) {
			reading.rows().reject(countIn(resources), RefusalReason.INVALID, ex.getMessage());
		}
	}

	private void readScopes(EncodedMessage scopes, Origin origin, Reading reading) {
		try {
			InstrumentationScope scope = merged(scopes, OtlpField.SCOPE, InstrumentationScope.getDefaultInstance(),
					reading.lease());
			Origin scoped = origin.scope(scope, schemaUrl(scopes, reading.lease()));
			scopes.forEach(this.signal.records(), (record) -> read(record, scoped, reading));
		}
		catch (BadRecordException ex) {
			reading.rows().reject(countInScopes(scopes), RefusalReason.INVALID, ex.getMessage());
		}
	}

	/**
	 * If a message exists more than once, its values are merged, as protobuf requires.
	 */
	@SuppressWarnings("unchecked")
	private static <M extends Message> M merged(EncodedMessage message, OtlpField part, M type, MemoryLease lease) {
		Message.Builder merged = type.newBuilderForType();
		message.forEach(part, (value) -> merged.mergeFrom(value.decode(type, lease)));
		return (M) merged.build();
	}

	private long countAll(EncodedMessage message) {
		long[] count = new long[1];
		message.forEach(this.signal.resources(), (resources) -> count[0] += countIn(resources));
		return count[0];
	}

	private long countIn(EncodedMessage resources) {
		long[] count = new long[1];
		resources.forEach(this.signal.scopes(), (scopes) -> count[0] += countInScopes(scopes));
		return count[0];
	}

	private long countInScopes(EncodedMessage scopes) {
		long[] count = new long[1];
		scopes.forEach(this.signal.records(), (record) -> count[0] += count(record));
		return count[0];
	}

	/** Returns the number of records that OTLP counts for this one. */
	long count(EncodedMessage record) {
		return 1;
	}

	abstract B newBatch();

	abstract String schemaUrl(EncodedMessage scopes, MemoryLease lease);

	/** Reads a record into the batch, with the {@link RequestWriter}. */
	abstract void read(EncodedMessage record, Origin origin, Reading reading);

	/** Returns the message for a record that is too old. */
	final String tooOld(String field, Instant time, Instant now) {
		Duration retention = this.writer.config().retention();
		return "%s: is %d days ago, and what is older than %d days is not stored; times are nanoseconds since 1970"
			.formatted(field, Duration.between(time, now).toDays(), (retention != null) ? retention.toDays() : 0);
	}

	/**
	 * The state of reading a request.
	 */
	final class Reading {

		private final B batch;

		private final RequestWriter rows;

		private final MemoryLease lease;

		private final Instant receivedAt;

		Reading(B batch, RequestWriter rows, MemoryLease lease, Instant receivedAt) {
			this.batch = batch;
			this.rows = rows;
			this.lease = lease;
			this.receivedAt = receivedAt;
		}

		B batch() {
			return this.batch;
		}

		RequestWriter rows() {
			return this.rows;
		}

		MemoryLease lease() {
			return this.lease;
		}

		Instant receivedAt() {
			return this.receivedAt;
		}

	}

}
