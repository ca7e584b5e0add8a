package io.observatory.storage.sample.otlp;

import java.io.IOException;
import java.io.UncheckedIOException;

import com.google.protobuf.CodedOutputStream;

import org.springframework.http.HttpStatus;

/**
 * The body of an OTLP response that is not 200: the message {@code google.rpc.Status},
 * written by hand because its two fields are not worth a library.
 *
 * @param code a code of {@code google.rpc.Code}
 * @param message what is wrong, for a developer to read
 */
record RpcStatus(int code, String message) {

	private static final int INVALID_ARGUMENT = 3;

	private static final int INTERNAL = 13;

	private static final int UNAVAILABLE = 14;

	private static final int CODE_FIELD = 1;

	private static final int MESSAGE_FIELD = 2;

	static RpcStatus of(HttpStatus status, String message) {
		return new RpcStatus(switch (status) {
			case SERVICE_UNAVAILABLE -> UNAVAILABLE;
			case INTERNAL_SERVER_ERROR -> INTERNAL;
			default -> INVALID_ARGUMENT;
		}, message);
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
