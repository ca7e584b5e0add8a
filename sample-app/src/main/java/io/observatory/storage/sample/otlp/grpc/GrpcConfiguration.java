package io.observatory.storage.sample.otlp.grpc;

import io.observatory.storage.sample.intake.Intake;
import io.observatory.storage.sample.intake.IntakeProperties;
import io.observatory.storage.sample.otlp.OtlpIntake;
import io.observatory.storage.sample.startup.ListenPort;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Serves OTLP/gRPC, unless it is switched off.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "sample.grpc.enabled", matchIfMissing = true)
@EnableConfigurationProperties(GrpcProperties.class)
class GrpcConfiguration {

	@Bean
	ListenPort grpcPort(GrpcProperties properties) {
		return new ListenPort("sample.grpc.port", properties.address(), properties.port());
	}

	@Bean
	GrpcServer grpcServer(GrpcProperties properties, IntakeProperties bounds, Intake intake, OtlpIntake otlp) {
		int maxSize = (int) bounds.maxRequestSize().toBytes();
		return new GrpcServer(properties, maxSize, new ExportServices(intake, otlp).definitions(),
				new InboundMessages(intake, maxSize));
	}

}
