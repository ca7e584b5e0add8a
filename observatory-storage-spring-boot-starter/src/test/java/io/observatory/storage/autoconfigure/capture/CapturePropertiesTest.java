package io.observatory.storage.autoconfigure.capture;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CapturePropertiesTest {

	@Test
	void everythingIsOnByDefaultOrLeftToWhatThereIs() {
		CaptureProperties properties = bind(Map.of());
		assertThat(properties.samplingRatio()).isOne();
		assertThat(properties.opentelemetry()).isEqualTo(new CaptureProperties.OpenTelemetry(true, true, true, true));
		assertThat(properties.micrometer().enabled()).isNull();
		assertThat(properties.micrometer().step()).hasMinutes(1);
		assertThat(properties.logback().enabled()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "sampling-ratio, 1.5", "sampling-ratio, -0.1", "micrometer.step, 0s" })
	void aBadValueFailsAndNamesItsProperty(String name, String value) {
		assertThatThrownBy(() -> bind(Map.of(CaptureProperties.PREFIX + "." + name, value))).rootCause()
			.hasMessageContaining("observatory.storage.capture." + name);
	}

	private static CaptureProperties bind(Map<String, String> values) {
		return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(CaptureProperties.PREFIX,
				Bindable.of(CaptureProperties.class));
	}

}
