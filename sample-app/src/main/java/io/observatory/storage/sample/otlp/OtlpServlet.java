package io.observatory.storage.sample.otlp;

import java.io.IOException;
import java.util.Locale;

import com.google.protobuf.Message;
import io.observatory.storage.sample.intake.Answer;
import io.observatory.storage.sample.intake.Intake;
import io.observatory.storage.sample.intake.RequestException;
import io.observatory.storage.sample.intake.Source;
import io.observatory.storage.sample.intake.http.IntakeServlet;
import io.observatory.storage.sample.intake.http.ReadThreads;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * OTLP/HTTP 1.11: protobuf and JSON. A request is answered with 200 when its records are
 * accepted, except bad ones, which the answer counts (partial success). It is answered
 * with 503 when there is no room; then nothing of it was accepted, so that the sender can
 * send it again. A body that cannot be read is answered with 400, one that is too large
 * with 413, one in another encoding with 415.
 */
final class OtlpServlet extends IntakeServlet {

	private static final long serialVersionUID = 1L;

	private final transient OtlpIntake otlp;

	private final Signal signal;

	OtlpServlet(Signal signal, OtlpIntake otlp, Intake intake, ReadThreads threads) {
		super(intake, threads);
		this.otlp = otlp;
		this.signal = signal;
	}

	/** Returns the paths of a signal: OTLP's own, and where the SDKs of Langfuse send. */
	static String[] paths(Signal signal) {
		String path = "/v1/" + signal.name().toLowerCase(Locale.ROOT);
		return new String[] { path, path + "/", "/api/public/otel" + path };
	}

	@Override
	protected Source source(HttpServletRequest http) {
		return new Source(this.signal.name().toLowerCase(Locale.ROOT), switch (encodingOrJson(http)) {
			case PROTOBUF -> "http/protobuf";
			case JSON -> "http/json";
		});
	}

	@Override
	protected Intake.Handler handler(HttpServletRequest http) {
		return this.otlp.handler(this.signal, OtlpEncoding.of(http.getContentType()));
	}

	@Override
	protected void write(HttpServletRequest http, HttpServletResponse response, Answer answer) throws IOException {
		OtlpEncoding encoding = encodingOrJson(http);
		Message message = this.signal.response(answer);
		write(response, encoding, encoding.write(message));
	}

	@Override
	protected void write(HttpServletRequest http, HttpServletResponse response, RequestException refusal)
			throws IOException {
		OtlpEncoding encoding = encodingOrJson(http);
		write(response, encoding, encoding.write(RpcStatus.of(refusal)));
	}

	private static void write(HttpServletResponse response, OtlpEncoding encoding, byte[] body) throws IOException {
		response.setContentType(encoding.mediaType().toString());
		response.getOutputStream().write(body);
	}

	/**
	 * Returns the encoding of the request, or JSON if it has another one.
	 */
	private static OtlpEncoding encodingOrJson(HttpServletRequest http) {
		try {
			return OtlpEncoding.of(http.getContentType());
		}
		catch (RequestException ex) {
			return OtlpEncoding.JSON;
		}
	}

}
