package io.observatory.storage.sample.otlp;

import java.time.Duration;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.observatory.storage.sample.intake.RequestException;

/**
 * Why a request of OTLP was refused: the message {@code google.rpc.Status}, written by
 * hand because its few fields are not worth a library.
 *
 * @param code a code of {@code google.rpc.Code}
 * @param message what is wrong, for a developer to read
 */
public record RpcStatus(int code, String message) {

	private static final int INVALID_ARGUMENT = 3;

	private static final int DEADLINE_EXCEEDED = 4;

	private static final int RESOURCE_EXHAUSTED = 8;

	private static final int INTERNAL = 13;

	private static final int UNAVAILABLE = 14;

	private static final int UNAUTHENTICATED = 16;

	private static final int CODE_FIELD = 1;

	private static final int MESSAGE_FIELD = 2;

	private static final int DETAILS_FIELD = 3;

	private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

	private static final int RETRY_DELAY_FIELD = 1;

	/** Returns the status for a request that was refused. */
	public static RpcStatus of(RequestException ex) {
		return new RpcStatus(switch (ex.reason()) {
			case BUSY, NO_MEMORY, BUFFER_FULL, CLOSING -> UNAVAILABLE;
			case TOO_LARGE -> RESOURCE_EXHAUSTED;
			case TIMEOUT -> DEADLINE_EXCEEDED;
			case FAILED -> INTERNAL;
			case UNAUTHORIZED -> UNAUTHENTICATED;
			case MALFORMED, UNSUPPORTED, INVALID, TOO_OLD -> INVALID_ARGUMENT;
		}, ex.getMessage());
	}

	/** Returns it as a message. */
	byte[] toProtobuf() {
		return fields().build().toByteArray();
	}

	/**
	 * Returns it as a message that asks for the same request after a delay, by the detail
	 * {@code google.rpc.RetryInfo}.
	 */
	public byte[] toProtobuf(Duration retryDelay) {
		com.google.protobuf.Duration delay = com.google.protobuf.Duration.newBuilder()
			.setSeconds(retryDelay.toSeconds())
			.build();
		ByteString retryInfo = UnknownFieldSet.newBuilder()
			.addField(RETRY_DELAY_FIELD, bytes(delay.toByteString()))
			.build()
			.toByteString();
		Any detail = Any.newBuilder().setTypeUrl(RETRY_INFO).setValue(retryInfo).build();
		return fields().addField(DETAILS_FIELD, bytes(detail.toByteString())).build().toByteArray();
	}

	private UnknownFieldSet.Builder fields() {
		return UnknownFieldSet.newBuilder()
			.addField(CODE_FIELD, Field.newBuilder().addVarint(this.code).build())
			.addField(MESSAGE_FIELD, bytes(ByteString.copyFromUtf8(this.message)));
	}

	private static Field bytes(ByteString value) {
		return Field.newBuilder().addLengthDelimited(value).build();
	}

}
