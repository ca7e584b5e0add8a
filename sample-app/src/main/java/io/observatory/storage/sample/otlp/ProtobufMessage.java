package io.observatory.storage.sample.otlp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Consumer;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import io.observatory.storage.sample.intake.MemoryLease;
import io.observatory.storage.sample.intake.RequestException;
import io.observatory.storage.sample.mapping.BadRecordException;
import org.jspecify.annotations.Nullable;

/**
 * A message in protobuf.
 *
 * @param field the field that it is a value of
 * @param bytes the body
 * @param start where it starts
 * @param end where it ends
 */
record ProtobufMessage(OtlpField field, byte[] bytes, int start, int end) implements EncodedMessage {

	/** Smaller messages cannot become large ones. */
	private static final int SMALL = 16 * 1024;

	/**
	 * A message of two bytes may become two objects.
	 */
	private static final int BYTES_PER_FIELD = 128;

	/** The bound of the library on nesting. */
	private static final int MAX_DEPTH = 100;

	@Override
	public void forEach(OtlpField part, Consumer<EncodedMessage> action) {
		fields((tag, from, valueFrom, to) -> {
			if (this.field.part(tag) == part) {
				action.accept(new ProtobufMessage(part, this.bytes, valueFrom, to));
			}
		});
	}

	@Override
	public <M extends Message> M decode(M type, MemoryLease lease) {
		long size = this.field.parts().isEmpty() ? decodedSize(type.getDescriptorForType()) : 0;
		EncodedMessage.reserve(lease, size, type);
		try {
			return this.field.parts().isEmpty() ? parse(type, this.bytes, this.start, this.end - this.start)
					: parse(type, rest());
		}
		catch (InvalidProtocolBufferException ex) {
			throw new BadRecordException(badField(type), "is not valid protobuf; texts must be UTF-8");
		}
		finally {
			lease.release(size);
		}
	}

	private byte[] rest() {
		ByteArrayOutputStream rest = new ByteArrayOutputStream();
		fields((tag, from, valueFrom, to) -> {
			if (this.field.part(tag) == null) {
				rest.write(this.bytes, from, to - from);
			}
		});
		return rest.toByteArray();
	}

	private static <M extends Message> M parse(M type, byte[] bytes) throws InvalidProtocolBufferException {
		return parse(type, bytes, 0, bytes.length);
	}

	@SuppressWarnings("unchecked")
	private static <M extends Message> M parse(M type, byte[] bytes, int offset, int length)
			throws InvalidProtocolBufferException {
		return (M) type.getParserForType().parseFrom(bytes, offset, length);
	}

	/** Returns the first field that cannot be read alone, or the message's type. */
	private String badField(Message type) {
		StringBuilder name = new StringBuilder(type.getDescriptorForType().getName());
		try {
			fields((tag, from, valueFrom, to) -> {
				if (name.indexOf(".") < 0 && !isReadable(type, from, to)) {
					FieldDescriptor field = type.getDescriptorForType()
						.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
					name.append('.').append((field != null) ? field.getName() : "unknown");
				}
			});
		}
		catch (RequestException ex) {
			// it is incomplete
		}
		return name.toString();
	}

	private boolean isReadable(Message type, int from, int to) {
		try {
			parse(type, this.bytes, from, to - from);
			return true;
		}
		catch (InvalidProtocolBufferException ex) {
			return false;
		}
	}

	private void fields(FieldVisitor visitor) {
		CodedInputStream in = CodedInputStream.newInstance(this.bytes, this.start, this.end - this.start);
		try {
			int from = this.start;
			int tag;
			while ((tag = in.readTag()) != 0) {
				int valueFrom = this.start + in.getTotalBytesRead();
				if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
					int length = in.readRawVarint32();
					valueFrom = this.start + in.getTotalBytesRead();
					in.skipRawBytes(length);
				}
				else if (!in.skipField(tag)) {
					throw malformed();
				}
				int to = this.start + in.getTotalBytesRead();
				visitor.field(tag, from, valueFrom, to);
				from = to;
			}
		}
		catch (IOException ex) {
			throw malformed();
		}
	}

	private static RequestException malformed() {
		return RequestException.malformed("The body is not valid protobuf of OTLP");
	}

	/**
	 * Returns an estimate of the heap that the decoded message takes, if it is large.
	 */
	private long decodedSize(Descriptor type) {
		int size = this.end - this.start;
		return (size <= SMALL) ? 0 : 3L * size + BYTES_PER_FIELD * fieldCount(type, 0);
	}

	private long fieldCount(@Nullable Descriptor type, int depth) {
		if (type == null || depth > MAX_DEPTH) {
			return 0;
		}
		long[] count = new long[1];
		try {
			fields((tag, from, valueFrom, to) -> {
				FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
				count[0]++;
				if (field != null && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && valueFrom < to) {
					count[0] += new ProtobufMessage(this.field, this.bytes, valueFrom, to)
						.fieldCount(field.getMessageType(), depth + 1);
				}
				else if (field != null && field.isRepeated()) {
					// numbers, packed
					count[0] += (to - valueFrom) / 8;
				}
			});
		}
		catch (RequestException ex) {
			// the parser reports it
		}
		return count[0];
	}

	@FunctionalInterface
	private interface FieldVisitor {

		void field(int tag, int from, int valueFrom, int to);

	}

}
