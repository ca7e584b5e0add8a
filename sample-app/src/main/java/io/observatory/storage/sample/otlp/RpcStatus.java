package io.observatory.storage.sample.otlp;

import java.io.IOException;
import java.io.UncheckedIOException;

import com.google.protobuf.CodedOutputStream;
import io.observatory.storage.sample.intake.RequestException;

/**
 * The body of an OTLP response that is not 200: the message {@code google.rpc.Status},
 * written by hand because its two fields are not worth a library.
 *
 * @param code a code of {@code google.rpc.Code}
 * @param message what is wrong, for a developer to read
 */
record RpcStatus(int code, String message) {

	private static final int INVALID_ARGUMENT = 3;

	private static final int DEADLINE_EXCEEDED = 4;

	private static final int RESOURCE_EXHAUSTED = 8;

	private static final int INTERNAL = 13;

	private static final int UNAVAILABLE = 14;

	private static final int CODE_FIELD = 1;

	private static final int MESSAGE_FIELD = 2;

	static RpcStatus of(RequestException ex) {
		return new RpcStatus(switch (ex.reason()) {
			case BUSY, NO_MEMORY, BUFFER_FULL, CLOSING -> UNAVAILABLE;
			case TOO_LARGE -> RESOURCE_EXHAUSTED;
			case TIMEOUT -> DEADLINE_EXCEEDED;
			case FAILED -> INTERNAL;
			case MALFORMED, UNSUPPORTED, INVALID, TOO_OLD -> INVALID_ARGUMENT;
		}, ex.getMessage());
	}

	byte[] toProtobuf() {
		byte[] bytes = new byte[CodedOutputStream.computeInt32Size(CODE_FIELD, this.code)
				+ CodedOutputStream.computeStringSize(MESSAGE_FIELD, this.message)];
		try {
			CodedOutputStream out = CodedOutputStream.newInstance(bytes);
			out.writeInt32(CODE_FIELD, this.code);
			out.writeString(MESSAGE_FIELD, this.message);
			out.checkNoSpaceLeft();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes;
	}

}
