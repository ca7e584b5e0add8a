package io.observatory.storage.sample.otlp.grpc;

import io.observatory.storage.sample.intake.Intake;
import io.observatory.storage.sample.intake.IntakeProperties;
import io.observatory.storage.sample.otlp.OtlpIntake;
import io.observatory.storage.sample.security.IntakeToken;
import io.observatory.storage.sample.startup.ListenPort;
import io.observatory.storage.sample.startup.NetworkAccess;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
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
	ListenPort grpcPort(GrpcProperties properties, IntakeToken token) {
		NetworkAccess.check("sample.grpc.address", properties.address(), token);
		return new ListenPort("sample.grpc.port", properties.address(), properties.port());
	}

	@Bean
	GrpcServer grpcServer(GrpcProperties properties, SslBundles bundles, IntakeProperties bounds, IntakeToken token,
			Intake intake, OtlpIntake otlp) {
		int maxSize = (int) bounds.maxRequestSize().toBytes();
		SslBundle certificate = (properties.sslBundle() != null) ? bundles.getBundle(properties.sslBundle()) : null;
		return new GrpcServer(properties, certificate, maxSize, new ExportServices(intake, otlp).definitions(),
				new InboundMessages(intake, token, maxSize));
	}

}
