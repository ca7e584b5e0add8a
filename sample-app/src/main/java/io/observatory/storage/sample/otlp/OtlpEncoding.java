package io.observatory.storage.sample.otlp;

import java.nio.charset.StandardCharsets;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.observatory.storage.sample.intake.Body;
import io.observatory.storage.sample.intake.Request;
import io.observatory.storage.sample.intake.RequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * The two encodings of OTLP. A response has the encoding of its request.
 */
public enum OtlpEncoding {

	/** Protobuf. */
	PROTOBUF(new MediaType("application", "x-protobuf")) {

		@Override
		EncodedMessage message(Request request, Body body, Signal signal) {
			return new ProtobufMessage(signal.request(), body.array(), 0, body.size());
		}

		@Override
		byte[] write(Message message) {
			return message.toByteArray();
		}

		@Override
		byte[] write(RpcStatus status) {
			return status.toProtobuf();
		}

	},

	/** OTLP's JSON, in which ids are in hex. */
	JSON(MediaType.APPLICATION_JSON) {

		@Override
		EncodedMessage message(Request request, Body body, Signal signal) {
			return JsonBody.read(request, body, signal);
		}

		@Override
		byte[] write(Message message) {
			try {
				return JsonFormat.printer()
					.omittingInsignificantWhitespace()
					.print(message)
					.getBytes(StandardCharsets.UTF_8);
			}
			catch (InvalidProtocolBufferException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		byte[] write(RpcStatus status) {
			return JsonMapper.shared().writeValueAsBytes(status);
		}

	};

	private final MediaType mediaType;

	OtlpEncoding(MediaType mediaType) {
		this.mediaType = mediaType;
	}

	/**
	 * Returns the encoding of a request.
	 * @throws RequestException when it has another content type
	 */
	static OtlpEncoding of(@Nullable String contentType) {
		for (OtlpEncoding encoding : values()) {
			if (encoding.mediaType.equalsTypeAndSubtype(mediaType(contentType))) {
				return encoding;
			}
		}
		throw RequestException.unsupported("Content-Type must be application/x-protobuf or application/json");
	}

	private static @Nullable MediaType mediaType(@Nullable String contentType) {
		try {
			return (contentType != null) ? MediaType.parseMediaType(contentType) : null;
		}
		catch (InvalidMediaTypeException ex) {
			return null;
		}
	}

	MediaType mediaType() {
		return this.mediaType;
	}

	/**
	 * Returns a request as a message to be read piece by piece.
	 * @throws RequestException when it is not one
	 */
	abstract EncodedMessage message(Request request, Body body, Signal signal);

	abstract byte[] write(Message message);

	abstract byte[] write(RpcStatus status);

}
