package io.observatory.storage.sample.mapping;

import java.util.HexFormat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;

/**
 * Pieces of OTLP messages for tests.
 */
final class Proto {

	static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	static final String SPAN = "b7ad6b7169203331";

	static final String PARENT = "00f067aa0ba902b7";

	/** 2025-03-04T05:06:07.123456789Z. */
	static final long TIME = 1_741_064_767_123_456_789L;

	private Proto() {
	}

	static ByteString id(String hex) {
		return ByteString.copyFrom(HexFormat.of().parseHex(hex));
	}

	static AnyValue value(String text) {
		return AnyValue.newBuilder().setStringValue(text).build();
	}

	static AnyValue value(long number) {
		return AnyValue.newBuilder().setIntValue(number).build();
	}

	static KeyValue attribute(String key, String value) {
		return attribute(key, value(value));
	}

	static KeyValue attribute(String key, AnyValue value) {
		return KeyValue.newBuilder().setKey(key).setValue(value).build();
	}

	static Resource resource() {
		return Resource.newBuilder()
			.addAttributes(attribute("service.name", "shop"))
			.addAttributes(attribute("service.instance.id", "pod-1"))
			.build();
	}

	static InstrumentationScope scope() {
		return InstrumentationScope.newBuilder()
			.setName("lib")
			.setVersion("1.0")
			.addAttributes(attribute("short", "yes"))
			.build();
	}

	static Origin origin() {
		return Origin.of(resource()).scope(scope(), "https://schema/1");
	}

	static Origin bareOrigin() {
		return Origin.of(Resource.getDefaultInstance());
	}

}
