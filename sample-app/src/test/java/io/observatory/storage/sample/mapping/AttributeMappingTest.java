package io.observatory.storage.sample.mapping;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AttributeMappingTest {

	private static final AnyValue LIST = AnyValue.newBuilder()
		.setArrayValue(ArrayValue.newBuilder()
			.addValues(Proto.value("a"))
			.addValues(Proto.value(1))
			.addValues(AnyValue.getDefaultInstance()))
		.build();

	private static final AnyValue MAP = AnyValue.newBuilder()
		.setKvlistValue(KeyValueList.newBuilder().addValues(Proto.attribute("inner", LIST)))
		.build();

	@Test
	void scalars() {
		assertThat(AttributeMapping.value(Proto.value("text"))).isEqualTo("text");
		assertThat(AttributeMapping.value(Proto.value(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
		assertThat(AttributeMapping.value(AnyValue.newBuilder().setBoolValue(true).build())).isEqualTo(true);
		assertThat(AttributeMapping.value(AnyValue.newBuilder().setDoubleValue(-0.5).build())).isEqualTo(-0.5);
	}

	@Test
	void bytesAreBase64() {
		AnyValue bytes = AnyValue.newBuilder().setBytesValue(ByteString.copyFrom(new byte[] { 0, -1, 3 })).build();
		assertThat(AttributeMapping.value(bytes)).isEqualTo("AP8D");
	}

	@Test
	void theEmptyValueIsNull() {
		assertThat(AttributeMapping.value(AnyValue.getDefaultInstance())).isNull();
	}

	@Test
	void listsAndMapsNest() {
		assertThat(AttributeMapping.value(MAP)).isEqualTo(Map.of("inner", Arrays.asList("a", 1L, null)));
	}

	@Test
	void attributesKeepTheirOrderAndTheLastOfAKeyWins() {
		assertThat(AttributeMapping
			.map(List.of(Proto.attribute("b", "1"), Proto.attribute("a", "2"), Proto.attribute("b", "3"))))
			.containsExactly(Map.entry("b", "3"), Map.entry("a", "2"));
	}

	@Test
	void textOfAStringIsTheString() {
		assertThat(AttributeMapping.text(Proto.value("{not json}"))).isEqualTo("{not json}");
	}

	@Test
	void textOfAnythingElseIsJson() {
		assertThat(AttributeMapping.text(MAP)).isEqualTo("{\"inner\":[\"a\",1,null]}");
		assertThat(AttributeMapping.text(Proto.value(42))).isEqualTo("42");
		assertThat(AttributeMapping.text(AnyValue.newBuilder().setDoubleValue(Double.NaN).build()))
			.isEqualTo("\"NaN\"");
	}

	@Test
	void textOfTheEmptyValueIsNull() {
		assertThat(AttributeMapping.text(AnyValue.getDefaultInstance())).isNull();
	}

}
