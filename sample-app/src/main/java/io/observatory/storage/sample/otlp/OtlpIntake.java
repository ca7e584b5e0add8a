package io.observatory.storage.sample.otlp;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.observatory.storage.sample.intake.Intake;

import org.springframework.stereotype.Component;

/**
 * Accepts the requests of OTLP, by any protocol.
 */
@Component
public final class OtlpIntake {

	private final Map<Signal, SignalIntake<?>> intakes = new EnumMap<>(Signal.class);

	OtlpIntake(List<SignalIntake<?>> intakes) {
		intakes.forEach((intake) -> this.intakes.put(intake.signal(), intake));
	}

	/**
	 * Returns what decodes the requests of a signal and writes their records.
	 */
	public Intake.Handler handler(Signal signal, OtlpEncoding encoding) {
		SignalIntake<?> intake = Objects.requireNonNull(this.intakes.get(signal));
		return (request, body) -> intake.take(request, encoding.message(request, body, signal), body.size());
	}

}
