package io.observatory.storage.autoconfigure;

import io.micrometer.observation.ObservationPredicate;
import io.observatory.storage.capture.opentelemetry.UntracedSampler;
import io.observatory.storage.session.Untraced;
import io.observatory.storage.spring.StorageSchema;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SdkTracerProviderBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.http.server.observation.ServerRequestObservationContext;

/**
 * Keeps this library's own work out of the application's observations and traces: our
 * threads, our statements on a traced DataSource, requests of our endpoint.
 */
@AutoConfiguration(after = StorageSchemaAutoConfiguration.class)
@ConditionalOnBean(StorageSchema.class)
public final class StorageUntracedAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ObservationPredicate.class)
	static class ObservationConfiguration {

		@Bean
		ObservationPredicate observatoryWorkIsNotObserved() {
			return (name, context) -> !Untraced.isCurrent();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ObservationPredicate.class, ServerRequestObservationContext.class, HttpServletRequest.class })
	static class ServletConfiguration {

		@Bean
		ObservationPredicate observatoryEndpointIsNotObserved(Environment environment) {
			EndpointPath path = EndpointPath.of(environment);
			return (name, context) -> !(context instanceof ServerRequestObservationContext request
					&& request.getCarrier() != null && path.matches(request.getCarrier().getRequestURI()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Sampler.class, SdkTracerProviderBuilderCustomizer.class })
	static class SamplerConfiguration {

		/**
		 * First, so that customizers of the application can override it.
		 */
		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		SdkTracerProviderBuilderCustomizer observatoryWorkIsNotSampled(ObjectProvider<Sampler> sampler) {
			return (builder) -> sampler.ifUnique((others) -> builder.setSampler(new UntracedSampler(others)));
		}

	}

	/**
	 * The address of the endpoint {@code observatory}.
	 *
	 * @param path its path, below the context path
	 */
	record EndpointPath(String path) {

		static EndpointPath of(Environment environment) {
			String base = environment.getProperty("management.endpoints.web.base-path", "/actuator");
			String name = environment.getProperty("management.endpoints.web.path-mapping.observatory", "observatory");
			return new EndpointPath((base.equals("/") ? "" : base) + "/" + name);
		}

		boolean matches(String uri) {
			return uri.endsWith(this.path) || uri.contains(this.path + "/");
		}

	}

}
