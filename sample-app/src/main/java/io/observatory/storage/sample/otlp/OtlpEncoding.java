package io.observatory.storage.sample.otlp;

import java.nio.charset.StandardCharsets;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import org.jspecify.annotations.Nullable;
import io.observatory.storage.sample.http.RequestException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * The two encodings of OTLP/HTTP. A response has the encoding of its request. Nesting is
 * bounded at 100 messages, the parsers' own limit.
 */
enum OtlpEncoding {

	PROTOBUF(new MediaType("application", "x-protobuf")) {

		@Override
		void parse(byte[] body, Message.Builder message) throws InvalidProtocolBufferException {
			message.mergeFrom(body);
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

	JSON(MediaType.APPLICATION_JSON) {

		@Override
		void parse(byte[] body, Message.Builder message) throws InvalidProtocolBufferException {
			JsonFormat.parser().ignoringUnknownFields().merge(HexIdJson.toProtobufJson(body), message);
		}

		@Override
		byte[] write(Message message) throws InvalidProtocolBufferException {
			return JsonFormat.printer()
				.omittingInsignificantWhitespace()
				.print(message)
				.getBytes(StandardCharsets.UTF_8);
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
	 * Reads a message.
	 * @throws RequestException when it is not one; the parser's own message may show
	 * content
	 */
	<B extends Message.Builder> B read(byte[] body, B message) {
		try {
			parse(body, message);
			return message;
		}
		catch (InvalidProtocolBufferException | JacksonException ex) {
			throw RequestException.malformed(
					"The body is not a valid " + message.getDescriptorForType().getName() + " in " + this.mediaType);
		}
	}

	abstract void parse(byte[] body, Message.Builder message) throws InvalidProtocolBufferException;

	abstract byte[] write(Message message) throws InvalidProtocolBufferException;

	abstract byte[] write(RpcStatus status);

}
