package io.observatory.storage.sample.otlp.grpc;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.observatory.storage.sample.intake.Intake;
import io.observatory.storage.sample.intake.RefusalReason;
import io.observatory.storage.sample.intake.RequestException;
import io.observatory.storage.sample.intake.Source;
import io.observatory.storage.sample.otlp.Signal;
import io.observatory.storage.sample.security.IntakeToken;
import org.jspecify.annotations.Nullable;

/**
 * Opens a request for each call of OTLP, before any of its message has arrived, and
 * refuses it if it comes without the token.
 */
final class InboundMessages extends ServerStreamTracer.Factory {

	private static final ServerStreamTracer NOT_OURS = new ServerStreamTracer() {
	};

	private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
			Metadata.ASCII_STRING_MARSHALLER);

	private final Intake intake;

	private final IntakeToken token;

	private final int maxSize;

	private final Map<String, Signal> signals = Arrays.stream(Signal.values())
		.collect(Collectors.toMap((signal) -> ExportMethod.of(signal).getFullMethodName(), Function.identity()));

	InboundMessages(Intake intake, IntakeToken token, int maxSize) {
		this.intake = intake;
		this.token = token;
		this.maxSize = maxSize;
	}

	@Override
	public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
		Signal signal = this.signals.get(method);
		if (signal == null) {
			return NOT_OURS;
		}
		InboundMessage message = open(signal);
		if (!this.token.admits(headers.get(AUTHORIZATION))) {
			message.refuse(new RequestException(RefusalReason.UNAUTHORIZED,
					"The metadata authorization must be \"Bearer\" and the token (sample.intake.token)"));
		}
		return message;
	}

	private InboundMessage open(Signal signal) {
		Source source = new Source(signal.name().toLowerCase(Locale.ROOT), "grpc");
		InboundMessage message = new InboundMessage(this.intake.open(source), this.maxSize);
		message.whole().whenComplete((body, refusal) -> refuse(message, refusal));
		return message;
	}

	private void refuse(InboundMessage message, @Nullable Throwable refusal) {
		if (refusal != null) {
			this.intake.refuse(message.request(), RequestException.of(refusal));
		}
	}

}
