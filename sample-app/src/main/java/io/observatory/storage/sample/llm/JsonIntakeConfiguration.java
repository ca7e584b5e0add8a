package io.observatory.storage.sample.llm;

import java.time.Clock;

import io.observatory.storage.sample.intake.Intake;
import io.observatory.storage.sample.intake.http.ReadThreads;
import io.observatory.storage.writer.TraceWriter;
import jakarta.servlet.Servlet;

import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Serves the intake of LLM calls and scores.
 */
@Configuration(proxyBeanMethods = false)
class JsonIntakeConfiguration {

	@Bean
	ServletRegistrationBean<LlmSpanServlet> llmSpans(TraceWriter writer, Clock clock, Intake intake,
			ReadThreads threads) {
		return servlet("llm-spans", new LlmSpanServlet(writer, clock, intake, threads), LlmSpanServlet.PATH);
	}

	@Bean
	ServletRegistrationBean<ScoreServlet> scores(TraceWriter writer, Clock clock, Intake intake, ReadThreads threads) {
		return servlet("scores", new ScoreServlet(writer, clock, intake, threads), ScoreServlet.PATH);
	}

	private static <S extends Servlet> ServletRegistrationBean<S> servlet(String name, S servlet, String path) {
		ServletRegistrationBean<S> registration = new ServletRegistrationBean<>(servlet, path);
		registration.setName(name);
		registration.setAsyncSupported(true);
		return registration;
	}

}
