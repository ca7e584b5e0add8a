package io.observatory.storage.sample.pages;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * Commands that send a first span and a first LLM call to this application. They can be
 * run as they are: they have new ids and the current time.
 *
 * @param endpoint the address to configure in an SDK
 * @param withToken whether a token has to be configured, too
 * @param span sends a span by OTLP
 * @param call sends an LLM call
 */
public record FirstSpan(String endpoint, boolean withToken, String span, String call) {

	/**
	 * Commands for the address that the current request came to.
	 * @param now the current time
	 * @param withToken whether senders have to give a token, which the commands then take
	 * from the environment variable TOKEN
	 */
	public static FirstSpan at(Instant now, boolean withToken) {
		String endpoint = ServletUriComponentsBuilder.fromCurrentContextPath().toUriString();
		String curl = "curl -s %s -H 'Content-Type: application/json'"
				+ (withToken ? " -H \"Authorization: Bearer $TOKEN\"" : "") + " -d '\n%s'";
		return new FirstSpan(endpoint, withToken, curl.formatted(endpoint + "/v1/traces", span(now)),
				curl.formatted(endpoint + "/api/llm-spans", call(now)));
	}

	private static String span(Instant end) {
		return """
				{"resourceSpans": [{
				  "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "first-steps"}}]},
				  "scopeSpans": [{"spans": [{
				    "traceId": "%s", "spanId": "%s", "name": "hello", "kind": 2,
				    "startTimeUnixNano": "%d000000", "endTimeUnixNano": "%d000000"
				  }]}]
				}]}""".formatted(traceId(), spanId(), end.minus(Duration.ofMillis(120)).toEpochMilli(),
				end.toEpochMilli());
	}

	private static String call(Instant start) {
		return """
				{"traceId": "%s", "spanId": "%s", "name": "chat gpt-4o",
				 "serviceName": "first-steps", "provider": "openai", "model": "gpt-4o",
				 "input": {"messages": [{"role": "user", "content": "How are you?"}]},
				 "output": {"content": "Fine, thank you.", "finishReason": "stop"},
				 "usage": {"prompt": 12, "completion": 6}, "cost": {"amount": 0.00009},
				 "latency": {"start": "%s", "totalMs": 640, "timeToFirstTokenMs": 210}}""".formatted(traceId(),
				spanId(), start);
	}

	private static String traceId() {
		return UUID.randomUUID().toString().replace("-", "");
	}

	private static String spanId() {
		return traceId().substring(16);
	}

}
