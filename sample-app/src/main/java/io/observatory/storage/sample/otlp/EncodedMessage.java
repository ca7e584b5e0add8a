package io.observatory.storage.sample.otlp;

import java.util.function.Consumer;

import com.google.protobuf.Message;
import io.observatory.storage.sample.intake.MemoryLease;
import io.observatory.storage.sample.intake.RefusalReason;
import io.observatory.storage.sample.intake.RequestException;
import io.observatory.storage.sample.mapping.BadRecordException;

/**
 * A message within the body of a request that is not decoded yet: a range of its bytes.
 * It is read piece by piece, so that never more than one record is in memory as objects,
 * and a record that cannot be read does not affect the others.
 */
interface EncodedMessage {

	/**
	 * Visits each value of a field that is read separately.
	 * @param part the field, one of this message's own
	 */
	void forEach(OtlpField part, Consumer<EncodedMessage> action);

	/**
	 * Decodes the message, without the fields that are read separately.
	 * @param type the default instance of its type
	 * @param lease has the memory for it
	 * @throws BadRecordException naming the field, when it cannot be read
	 */
	<M extends Message> M decode(M type, MemoryLease lease);

	/**
	 * Reserves memory for a message that is being decoded.
	 * @throws BadRecordException when it needs more than the whole memory
	 */
	static void reserve(MemoryLease lease, long bytes, Message type) {
		try {
			lease.reserve(bytes);
		}
		catch (RequestException ex) {
			if (ex.reason() == RefusalReason.TOO_LARGE) {
				throw new BadRecordException(type.getDescriptorForType().getName(),
						"takes more memory than requests may have: it has too many values");
			}
			throw ex;
		}
	}

	/** Returns how many values the field has. */
	default int count(OtlpField part) {
		int[] count = new int[1];
		forEach(part, (value) -> count[0]++);
		return count[0];
	}

}
