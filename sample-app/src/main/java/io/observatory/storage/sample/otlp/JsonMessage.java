package io.observatory.storage.sample.otlp;

import java.util.List;
import java.util.function.Consumer;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.observatory.storage.sample.intake.MemoryLease;
import io.observatory.storage.sample.mapping.BadRecordException;
import tools.jackson.core.JacksonException;

/**
 * A message in OTLP's JSON.
 *
 * @param field the field that it is a value of
 * @param body the body
 * @param start where it starts
 * @param end where it ends
 * @param parts the values that are read separately
 * @param rest where the other members are; of a message without parts, none
 */
record JsonMessage(OtlpField field, JsonBody body, int start, int end, List<JsonMessage> parts,
		List<Range> rest) implements EncodedMessage {

	/** Smaller messages cannot become large ones. */
	private static final int SMALL = 16 * 1024;

	/** The objects that the library creates for a token, and their conversion. */
	private static final int BYTES_PER_TOKEN = 256;

	private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

	@Override
	public void forEach(OtlpField part, Consumer<EncodedMessage> action) {
		for (JsonMessage value : this.parts) {
			if (value.field == part) {
				action.accept(value);
			}
		}
	}

	@Override
	@SuppressWarnings("unchecked")
	public <M extends Message> M decode(M type, MemoryLease lease) {
		long size = decodedSize();
		EncodedMessage.reserve(lease, size, type);
		try {
			return (M) parse(type, isWhole() ? this.body.text(this.start, this.end) : this.body.object(this.rest));
		}
		catch (InvalidProtocolBufferException | JacksonException | BadJsonException ex) {
			throw bad(type, ex);
		}
		finally {
			lease.release(size);
		}
	}

	/**
	 * Whether nothing of it is read separately. If it is not an object, the parser
	 * refuses it.
	 */
	private boolean isWhole() {
		return this.field.parts().isEmpty() || !this.body.isObject(this.start);
	}

	private static Message parse(Message type, String json) throws InvalidProtocolBufferException {
		Message.Builder message = type.newBuilderForType();
		PARSER.merge(json, message);
		return message.build();
	}

	/** Names the first field that cannot be read alone. */
	private BadRecordException bad(Message type, Exception failure) {
		String name = type.getDescriptorForType().getName();
		for (Range member : this.field.parts().isEmpty() ? this.body.members(this.start, this.end) : this.rest) {
			try {
				parse(type, this.body.object(List.of(member)));
			}
			catch (InvalidProtocolBufferException | JacksonException | BadJsonException ex) {
				return new BadRecordException(name + "." + fieldName(type, this.body.name(member)), problem(ex));
			}
		}
		return new BadRecordException(name, problem(failure));
	}

	/** The parsers' own messages may show content. */
	private static String problem(Exception ex) {
		return (ex instanceof BadJsonException bad) ? bad.problem() : "is not as it should be in OTLP's JSON";
	}

	private static String fieldName(Message type, String name) {
		for (FieldDescriptor field : type.getDescriptorForType().getFields()) {
			if (field.getJsonName().equals(name) || field.getName().equals(name)) {
				return field.getName();
			}
		}
		return "unknown";
	}

	/**
	 * Returns an estimate of the heap that the decoded message takes, if it is large.
	 */
	private long decodedSize() {
		int size = this.end - this.start;
		return (size <= SMALL || !this.field.parts().isEmpty()) ? 0
				: 6L * size + BYTES_PER_TOKEN * this.body.tokens(this.start, this.end);
	}

	/**
	 * A part of the body.
	 *
	 * @param start where it starts
	 * @param end where it ends
	 */
	record Range(int start, int end) {
	}

}
