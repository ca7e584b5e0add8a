package io.observatory.storage.sample.otlp;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class HexIdJsonTest {

	private static String convert(String json) {
		byte[] within = ("é " + json + " é").getBytes(StandardCharsets.UTF_8);
		return HexIdJson.toProtobufJson(within, 3, within.length - 3);
	}

	@Test
	void idsBecomeBase64InEitherSpellingAndCase() {
		assertThat(convert("{\"traceId\":\"00ff\",\"span_id\":\"AB\",\"parentSpanId\":\"\"}"))
			.isEqualTo("{\"traceId\":\"AP8=\",\"span_id\":\"qw==\",\"parentSpanId\":\"\"}");
	}

	@Test
	void allElseStaysAsItIs() {
		String json = "{\"a\":[1,2.5,\"x\",null,true,{\"key\":\"traceId\",\"value\":{\"stringValue\":\"zz\"}}],\"b\":\"é\"}";
		assertThat(convert(json)).isEqualTo(json);
	}

	@Test
	void largeNumbersKeepTheirDigits() {
		assertThat(convert("[18446744073709551615,-9223372036854775808]"))
			.isEqualTo("[18446744073709551615,-9223372036854775808]");
	}

	@Test
	void anIdThatIsNotHexIsRefusedWithoutShowingIt() {
		assertThatExceptionOfType(BadJsonException.class).isThrownBy(() -> convert("{\"traceId\":\"secret\"}"))
			.withMessage("must be in hex");
	}

	@Test
	void whatIsNotJsonIsRefused() {
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> convert("{\"a\":"));
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> convert("{'a':1}"));
	}

	@Test
	void oneValueOnly() {
		assertThatExceptionOfType(BadJsonException.class).isThrownBy(() -> convert("{} {}"));
	}

	@Test
	void nestingIsBounded() {
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> convert("[".repeat(100_000)));
	}

}
