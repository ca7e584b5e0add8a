package io.observatory.storage.sample.otlp;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.error.TooLargeException;
import io.observatory.storage.error.WriterClosedException;
import io.observatory.storage.sample.intake.Answer;
import io.observatory.storage.sample.intake.RefusalReason;
import io.observatory.storage.sample.intake.Request;
import io.observatory.storage.sample.intake.RequestException;
import io.observatory.storage.sample.mapping.BadRecordException;
import io.observatory.storage.writer.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Writes the records of one request, all of them at once, so that it is accepted whole or
 * not at all. Only a request that is larger than the writer's buffer is written in parts.
 * Each part waits for room until the time of the request is over; records that find none
 * are rejected. Not thread-safe.
 */
final class RequestWriter {

	/** How much memory is reserved at once. */
	private static final int STEP = 64 * 1024;

	/** The batch's array may be twice as long as its content. */
	private static final int SLACK = 2;

	/** After the first part, so that the buffer need not be empty for the next. */
	private static final int PARTS_IN_BUFFER = 8;

	private final Request request;

	private final RecordBatch<?> batch;

	private final long bufferBytes;

	private final Rejections rejections = new Rejections();

	private long reserved;

	private long pending;

	private long taken;

	private @Nullable RefusalReason stopped;

	private String whyStopped = "";

	RequestWriter(Request request, RecordBatch<?> batch, long bufferBytes) {
		this.request = request;
		this.batch = batch;
		this.bufferBytes = bufferBytes;
	}

	/**
	 * Adds records that are read together, or counts them as rejected.
	 * @param records how many
	 * @param decode decodes them and puts them into the batch
	 * @throws RequestException when there is no memory, and nothing of the request was
	 * accepted
	 */
	void add(long records, Runnable decode) {
		if (this.stopped != null) {
			this.rejections.add(records, this.stopped, this.whyStopped);
			return;
		}
		try {
			decode.run();
		}
		catch (BadRecordException ex) {
			this.rejections.add(records, RefusalReason.INVALID, ex.getMessage());
		}
		catch (InvalidRecordException ex) {
			this.rejections.add(records, RefusalReason.INVALID, String.valueOf(ex.getMessage()));
		}
		catch (RequestException ex) {
			stop(ex.reason(), ex);
			this.rejections.add(records, ex.reason(), ex.getMessage());
		}
	}

	void reject(long records, RefusalReason reason, String message) {
		if (records > 0) {
			this.rejections.add(records, reason, message);
		}
	}

	/**
	 * Puts a record into the batch.
	 * @param add adds it, and returns whether it was added
	 * @param tooOld the message if it was too old to be added
	 */
	void put(BooleanSupplier add, Supplier<String> tooOld) {
		if (this.taken > 0 && this.batch.bytes() > this.bufferBytes / PARTS_IN_BUFFER) {
			writePart();
		}
		if (fits(add)) {
			reserve();
			this.pending++;
		}
		else {
			this.rejections.add(1, RefusalReason.TOO_OLD, tooOld.get());
		}
	}

	/**
	 * Adds a record to the batch that is not counted separately.
	 */
	void put(Runnable add) {
		fits(() -> {
			add.run();
			return true;
		});
		reserve();
	}

	/**
	 * Puts what came with a record into the batch. If it cannot be stored, its sender is
	 * told; the record stays.
	 */
	void putBeside(Runnable add) {
		try {
			put(add);
		}
		catch (InvalidRecordException ex) {
			this.rejections.warn(String.valueOf(ex.getMessage()));
		}
	}

	private boolean fits(BooleanSupplier add) {
		try {
			return add.getAsBoolean();
		}
		catch (TooLargeException ex) {
			if (this.batch.rows() == 0) {
				throw new BadRecordException("A record", "is larger than the writer's buffer");
			}
			writePart();
			return fits(add);
		}
	}

	private void reserve() {
		long needed = (long) SLACK * this.batch.bytes();
		if (needed > this.reserved) {
			long more = needed - this.reserved + STEP;
			this.request.lease().reserve(more);
			this.reserved += more;
		}
	}

	private void writePart() {
		try {
			this.batch.writeWithin(this.request.timeLeft());
			this.taken += this.pending;
			this.pending = 0;
		}
		catch (BufferFullException | WriterClosedException ex) {
			throw RequestException.of(ex);
		}
	}

	/**
	 * Nothing more is accepted from now on. If nothing was accepted before, the request
	 * is refused.
	 */
	private void stop(RefusalReason reason, RequestException ex) {
		if (this.taken == 0) {
			throw ex;
		}
		this.stopped = reason;
		this.whyStopped = ex.getMessage();
	}

	/**
	 * Writes what is left.
	 * @return the answer
	 * @throws io.observatory.storage.error.StorageException when the writer accepted
	 * nothing
	 */
	Answer finish() {
		try {
			if (this.taken > 0 && this.stopped == null) {
				writePart();
			}
			else if (this.stopped == null) {
				this.batch.write();
				this.taken += this.pending;
				this.pending = 0;
			}
		}
		catch (RequestException ex) {
			stop(ex.reason(), ex);
		}
		if (this.stopped != null) {
			reject(this.pending, this.stopped, this.whyStopped);
		}
		return new Answer(this.taken, this.rejections.records(), this.rejections.message());
	}

}
