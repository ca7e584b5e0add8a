package io.observatory.storage.sample.otlp;

import com.google.protobuf.Message;
import io.observatory.storage.sample.intake.RefusalReason;
import io.observatory.storage.sample.intake.RequestException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OtlpEncodingTest {

	@Test
	void contentTypes() {
		assertThat(OtlpEncoding.of("application/x-protobuf")).isEqualTo(OtlpEncoding.PROTOBUF);
		assertThat(OtlpEncoding.of("Application/JSON; charset=utf-8")).isEqualTo(OtlpEncoding.JSON);
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "text/plain", "nonsense", "application/*", "application/x-www-form-urlencoded" })
	void otherContentTypes(String contentType) {
		assertThatExceptionOfType(RequestException.class).isThrownBy(() -> OtlpEncoding.of(contentType))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RefusalReason.UNSUPPORTED));
	}

	@Test
	void responses() throws Exception {
		ExportLogsServiceResponse.Builder response = ExportLogsServiceResponse.newBuilder();
		response.getPartialSuccessBuilder().setRejectedLogRecords(2).setErrorMessage("why");
		assertThat(OtlpEncoding.JSON.write((Message) response.build())).asString()
			.isEqualTo("{\"partialSuccess\":{\"rejectedLogRecords\":\"2\",\"errorMessage\":\"why\"}}");
		assertThat(OtlpEncoding.JSON.write((Message) ExportLogsServiceResponse.getDefaultInstance())).asString()
			.isEqualTo("{}");
	}

	@Test
	void statuses() {
		RpcStatus status = RpcStatus.of(new RequestException(RefusalReason.BUFFER_FULL, "full"));
		assertThat(OtlpEncoding.JSON.write(status)).asString().isEqualTo("{\"code\":14,\"message\":\"full\"}");
		assertThat(OtlpEncoding.PROTOBUF.write(status)).containsExactly(8, 14, 18, 4, 'f', 'u', 'l', 'l');
	}

}
