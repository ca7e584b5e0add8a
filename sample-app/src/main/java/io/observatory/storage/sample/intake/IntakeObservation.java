package io.observatory.storage.sample.intake;

import io.micrometer.observation.ObservationPredicate;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.observation.ServerRequestObservationContext;

/**
 * Keeps the endpoints of the intake out of the application's own telemetry. If the
 * application sent its telemetry to itself, each request would cause another one.
 */
@Configuration(proxyBeanMethods = false)
class IntakeObservation {

	@Bean
	ObservationPredicate intakeIsNotObserved() {
		return (name, context) -> !(context instanceof ServerRequestObservationContext request
				&& isIntake(request.getCarrier()));
	}

	private static boolean isIntake(@Nullable HttpServletRequest request) {
		return request != null
				&& (request.getRequestURI().startsWith("/v1/") || request.getRequestURI().startsWith("/api/"));
	}

}
