package io.observatory.storage.sample.otlp;

import io.observatory.storage.sample.intake.Intake;
import io.observatory.storage.sample.intake.http.ReadThreads;

import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Where OTLP/HTTP is served.
 */
@Configuration(proxyBeanMethods = false)
class OtlpConfiguration {

	@Bean
	ServletRegistrationBean<OtlpServlet> traces(OtlpIntake otlp, Intake intake, ReadThreads threads) {
		return servlet(Signal.TRACES, otlp, intake, threads);
	}

	@Bean
	ServletRegistrationBean<OtlpServlet> metrics(OtlpIntake otlp, Intake intake, ReadThreads threads) {
		return servlet(Signal.METRICS, otlp, intake, threads);
	}

	@Bean
	ServletRegistrationBean<OtlpServlet> logs(OtlpIntake otlp, Intake intake, ReadThreads threads) {
		return servlet(Signal.LOGS, otlp, intake, threads);
	}

	private static ServletRegistrationBean<OtlpServlet> servlet(Signal signal, OtlpIntake otlp, Intake intake,
			ReadThreads threads) {
		ServletRegistrationBean<OtlpServlet> servlet = new ServletRegistrationBean<>(
				new OtlpServlet(signal, otlp, intake, threads), OtlpServlet.paths(signal));
		servlet.setName("otlp-" + signal);
		servlet.setAsyncSupported(true);
		return servlet;
	}

}
