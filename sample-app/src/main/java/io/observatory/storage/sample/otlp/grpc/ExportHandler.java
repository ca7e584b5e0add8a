package io.observatory.storage.sample.otlp.grpc;

import java.io.InputStream;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.observatory.storage.sample.intake.Answer;
import io.observatory.storage.sample.intake.Intake;
import io.observatory.storage.sample.intake.RefusalReason;
import io.observatory.storage.sample.intake.RequestException;
import io.observatory.storage.sample.otlp.RpcStatus;
import io.observatory.storage.sample.otlp.Signal;
import org.jspecify.annotations.Nullable;

/**
 * Handles the calls of one signal. The answer is OK when the records are accepted, except
 * bad ones, which the answer counts (partial success). It is UNAVAILABLE when there is no
 * room; then nothing was accepted, so that the sender can send it again.
 *
 * @param signal the signal
 * @param intake the intake
 * @param handler the handler of the requests
 */
record ExportHandler(Signal signal, Intake intake,
		Intake.Handler handler) implements ServerCallHandler<InputStream, Message> {

	private static final Metadata.Key<byte[]> DETAILS = Metadata.Key.of("grpc-status-details-bin",
			Metadata.BINARY_BYTE_MARSHALLER);

	@Override
	public ServerCall.Listener<InputStream> startCall(ServerCall<InputStream, Message> call, Metadata headers) {
		InboundMessage message = InboundMessage.current();
		message.whole()
			.thenCompose((body) -> this.intake.take(message.request(), message.encoding(), body, this.handler))
			.whenComplete((answer, failure) -> answer(call, answer, failure));
		// one more than allowed, to check that there is only one
		call.request(2);
		return new ServerCall.Listener<>() {

			@Override
			public void onMessage(InputStream in) {
				message.read(in);
			}

			@Override
			public void onHalfClose() {
				message.end();
			}

		};
	}

	private void answer(ServerCall<?, Message> call, @Nullable Answer answer, @Nullable Throwable failure) {
		if (answer != null) {
			call.sendHeaders(new Metadata());
			call.sendMessage(this.signal.response(answer));
			call.close(Status.OK, new Metadata());
		}
		else {
			refuse(call, RequestException.of(failure));
		}
	}

	private static void refuse(ServerCall<?, ?> call, RequestException ex) {
		RpcStatus status = RpcStatus.of(ex);
		Metadata trailers = new Metadata();
		if (ex.reason().isRetryable()) {
			trailers.put(DETAILS, status.toProtobuf(RefusalReason.RETRY_AFTER));
		}
		call.close(Status.fromCodeValue(status.code()).withDescription(status.message()), trailers);
	}

}
