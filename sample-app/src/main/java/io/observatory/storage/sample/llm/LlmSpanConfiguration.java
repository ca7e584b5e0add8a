package io.observatory.storage.sample.llm;

import java.time.Clock;

import io.observatory.storage.sample.intake.Intake;
import io.observatory.storage.sample.intake.http.ReadThreads;
import io.observatory.storage.writer.TraceWriter;

import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Serves the intake of LLM calls.
 */
@Configuration(proxyBeanMethods = false)
class LlmSpanConfiguration {

	@Bean
	ServletRegistrationBean<LlmSpanServlet> llmSpans(TraceWriter writer, Clock clock, Intake intake,
			ReadThreads threads) {
		ServletRegistrationBean<LlmSpanServlet> servlet = new ServletRegistrationBean<>(
				new LlmSpanServlet(writer, clock, intake, threads), LlmSpanServlet.PATH);
		servlet.setName("llm-spans");
		servlet.setAsyncSupported(true);
		return servlet;
	}

}
